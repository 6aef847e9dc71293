namespace Tidemark.Destinations;

/// <summary>All that a shared transaction asks before it writes, so that it is one round trip, however much it is.</summary>
public sealed record SharedLook
{
    /// <summary>A transaction that asks nothing.</summary>
    public static SharedLook Nothing { get; } = new();

    /// <summary>Idempotency keys, no two the same but for their hashes; at most 500.</summary>
    public IReadOnlyList<IdempotencyKey> Keys { get; init; } = [];

    /// <summary>References.</summary>
    public IReadOnlyList<ReferenceQuery> References { get; init; } = [];

    /// <summary>The position that moves with the transaction; null: none does.</summary>
    public SharedPosition? Position { get; init; }
}
