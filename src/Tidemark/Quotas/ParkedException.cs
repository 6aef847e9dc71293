namespace Tidemark.Quotas;

/// <summary>The server, or a quota, asks for a longer wait than a run should sleep: what was read so far is committed, and the run ends, to be started again later.</summary>
/// <param name="message">Who asks, and for what.</param>
/// <param name="until">When to come back.</param>
public sealed class ParkedException(string message, DateTimeOffset until) : Exception(message)
{
    /// <summary>When to come back.</summary>
    public DateTimeOffset Until { get; } = until;
}
