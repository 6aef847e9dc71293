namespace Tidemark.Quotas;

/// <summary>Why a call can't be sent now.</summary>
/// <param name="Wait">How long it has to wait, as far as is known; above 0.</param>
/// <param name="Reason">What it waits for, for people.</param>
/// <param name="MayShorten">True if it may be shorter, because calls on their way may end earlier than they must.</param>
internal sealed record QuotaDelay(TimeSpan Wait, string Reason, bool MayShorten)
{
    /// <summary>What kind of limit it is.</summary>
    public QuotaMeterKind Kind { get; init; }

    /// <summary>The limit in words, such as 100 in 1m.</summary>
    public string About { get; init; } = "";
}
