namespace Tidemark.Quotas;

/// <summary>What an answer told about the quota; nothing, where there was no answer.</summary>
public sealed record QuotaAnswer
{
    /// <summary>False if the call was never sent: then it costs nothing.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>What it cost in truth; null: as expected.</summary>
    public double? Cost { get; init; }

    /// <summary>How long the server wants no call at all; a floor. Null: it said nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Calls, or cost, that are left until <see cref="ResetAfter"/>; null: it said nothing.</summary>
    public double? Remaining { get; init; }

    /// <summary>When there is all of it again; null: it said nothing.</summary>
    public TimeSpan? ResetAfter { get; init; }

    /// <summary>The balance of the server's bucket, also below 0; null: it said nothing.</summary>
    public double? Balance { get; init; }

    /// <summary>The most that the server's bucket holds; null: it said nothing.</summary>
    public double? Capacity { get; init; }

    /// <summary>What the server's bucket gets back in a second; null: it said nothing.</summary>
    public double? RefillPerSecond { get; init; }
}
