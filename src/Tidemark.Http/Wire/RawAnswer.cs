using Tidemark.Http.Signals;
using Tidemark.Records;

namespace Tidemark.Http.Wire;

/// <summary>An answer as it came: headers that matter, and the whole body as UTF-8.</summary>
internal sealed class RawAnswer : IDisposable
{
    public required int Status { get; init; }

    public string? Reason { get; init; }

    /// <summary>The address that was asked.</summary>
    public required Uri Url { get; init; }

    public required PooledBuffer Body { get; init; }

    public string? Link { get; init; }

    /// <summary>How long the server wants us to wait before the next call; a floor. Null: it does not say.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>True if the quota has heard of <see cref="Wait"/>: the next call that passes it has waited.</summary>
    public bool QuotaWaits { get; init; }

    /// <summary>What a GraphQL query costs, where the quota listens to it; null: it does not say.</summary>
    public QueryPrice? Price { get; init; }

    public Uri? Location { get; init; }

    public DateTimeOffset? Date { get; init; }

    /// <summary>Which token was used, see <see cref="Authentication.Credential.Refresh"/>.</summary>
    public long CredentialVersion { get; set; }

    public void Dispose() => Body.Dispose();
}
