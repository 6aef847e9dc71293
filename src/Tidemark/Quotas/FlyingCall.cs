namespace Tidemark.Quotas;

/// <summary>A call that was let through and of whose end nothing is known yet.</summary>
/// <param name="Id">Its number in the ledger.</param>
/// <param name="TakenAt">When it was let through.</param>
/// <param name="Longest">Within which time after that it has ended, whatever becomes of it and of the process that made it.</param>
/// <param name="Cost">What it is expected to cost.</param>
/// <param name="Stream">The stream that it is for.</param>
internal readonly record struct FlyingCall(long Id, long TakenAt, long Longest, double Cost, string Stream)
{
    /// <summary>When it has ended at the latest.</summary>
    public long EndsBy => TakenAt + Longest;
}
