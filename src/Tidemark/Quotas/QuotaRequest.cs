namespace Tidemark.Quotas;

/// <summary>A call that wants to be sent.</summary>
public sealed record QuotaRequest
{
    /// <summary>The stream that it is for: what is spent is told by stream.</summary>
    public required string Stream { get; init; }

    /// <summary>What it is expected to cost, at least 0.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>Calls of a higher priority go first; default 0.</summary>
    public int Priority { get; init; }

    /// <summary>How long it may take once it was sent: a process that dies meanwhile can't tell when its call ended.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Called when the call can't be let through at once, perhaps at the moment when it gives up; quick, and never throws. Default: nothing.</summary>
    public Action OnWait { get; init; } = static () => { };
}
