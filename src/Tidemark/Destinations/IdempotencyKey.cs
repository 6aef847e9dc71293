namespace Tidemark.Destinations;

/// <summary>What makes a repeated post harmless: its answer is kept under this, in the transaction that writes its rows.</summary>
/// <param name="Scope">What the key is unique in: pipeline and route.</param>
/// <param name="Key">The caller's key, at most 256 characters.</param>
/// <param name="Hash">A hash of the payload, 32 bytes: the same key with another one is refused.</param>
/// <param name="Part">Of a post that is written in several transactions, which one; 0 is the first.</param>
public sealed record IdempotencyKey(string Scope, string Key, ReadOnlyMemory<byte> Hash, int Part = 0)
{
    /// <summary>How long an answer is kept; after that its key is as new.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);
}
