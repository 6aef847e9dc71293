using Tidemark.Definitions;
using Tidemark.Http.Wire;

namespace Tidemark.Http.Authentication;

/// <summary>A fixed value in the query.</summary>
/// <param name="name">For messages.</param>
/// <param name="param">The query parameter.</param>
/// <param name="value">The value.</param>
internal sealed class QueryCredential(string name, string param, Secret value) : Credential
{
    public override string Name => name;

    public override IEnumerable<string> Secrets => [value.Reveal()];

    public override string? QueryParam => param;

    public override ValueTask<long> ApplyAsync(HttpRequestMessage message, CallOwner owner, CancellationToken cancellationToken)
    {
        var url = Without(message.RequestUri!, param);
        var pair = $"{Uri.EscapeDataString(param)}={Uri.EscapeDataString(value.Reveal())}";
        message.RequestUri = new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query}&{pair}" : pair }.Uri;
        return ValueTask.FromResult(0L);
    }

    /// <summary>An address without a query parameter; the same address if it is not there.</summary>
    /// <param name="url">The address.</param>
    /// <param name="param">The parameter.</param>
    public static Uri Without(Uri url, string param)
    {
        var pairs = url.Query.TrimStart('?').Split('&');
        var others = pairs.Where(p => !string.Equals(Uri.UnescapeDataString(p.Split('=', 2)[0]), param, StringComparison.Ordinal)).ToList();
        return others.Count == pairs.Length ? url : new UriBuilder(url) { Query = string.Join('&', others) }.Uri;
    }
}
