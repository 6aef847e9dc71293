namespace Tidemark.Quotas;

/// <summary>Why a call can't be sent now.</summary>
/// <param name="Wait">How long it has to wait, as far as is known; above 0.</param>
/// <param name="Reason">What it waits for, for people.</param>
/// <param name="MayShorten">True if it may be shorter, because calls on their way may end earlier than they must.</param>
internal sealed record QuotaDelay(TimeSpan Wait, string Reason, bool MayShorten);
