using Microsoft.Extensions.Logging;
using Tidemark.Access;
using Tidemark.Destinations;

namespace Tidemark.Server.Access;

/// <summary>
/// The keys of the pipeline as they were a few seconds ago at most. They are read when a request needs them, by one of all that wait. While the store is away the keys that were known last hold: nobody
/// can revoke one then.
/// </summary>
/// <param name="store">Where keys are kept.</param>
/// <param name="pipeline">The pipeline.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told when the store can't be read.</param>
internal sealed partial class ApiKeyRing(IApiKeyStore store, string pipeline, TimeProvider time, ILogger log)
{
    /// <summary>How long keys are taken for what they are: so long a revoked one may still be taken.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    /// <summary>How long the keys that were known last hold while the store is away.</summary>
    public static readonly TimeSpan StaleFor = TimeSpan.FromHours(1);

    /// <summary>How long a request waits for a store that is slow, where it can do without.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Known? _known;
    private Task<Known>? _reading;

    /// <summary>The keys, revoked ones too.</summary>
    /// <exception cref="DestinationException">They were never read, or too long ago.</exception>
    public async ValueTask<IReadOnlyList<ApiKey>> GetAsync(CancellationToken cancellationToken)
    {
        Task<Known> reading;
        Known? known;
        lock (_lock)
        {
            known = _known;
            if (known is not null && time.GetElapsedTime(known.TriedAt) < FreshFor) return known.Keys;
            if (_reading is not { IsCompleted: false }) _reading = ReadAsync();
            reading = _reading;
        }
        if (known is null || time.GetElapsedTime(known.ReadAt) >= StaleFor) return (await reading.WaitAsync(cancellationToken)).Keys;
        // A store that did not answer the last time is asked again, but nobody waits for it.
        if (known.StoreIsAway && !reading.IsCompletedSuccessfully) return known.Keys;
        try
        {
            return (await reading.WaitAsync(Patience, time, cancellationToken)).Keys;
        }
        catch (Exception e) when (e is DestinationException or TimeoutException)
        {
            LogStale(log, e.Message);
            lock (_lock)
            {
                if (ReferenceEquals(_known, known)) _known = known with { TriedAt = time.GetTimestamp(), StoreIsAway = true };
            }
            return known.Keys;
        }
    }

    private async Task<Known> ReadAsync()
    {
        var keys = await store.ListKeysAsync(pipeline, CancellationToken.None);
        var now = time.GetTimestamp();
        var known = new Known(keys, now, now, StoreIsAway: false);
        lock (_lock) _known = known;
        return known;
    }

    private sealed record Known(IReadOnlyList<ApiKey> Keys, long ReadAt, long TriedAt, bool StoreIsAway);

    [LoggerMessage(Level = LogLevel.Warning, Message = "API keys can't be read, those that were known last hold: {Reason}")]
    private static partial void LogStale(ILogger log, string reason);
}
