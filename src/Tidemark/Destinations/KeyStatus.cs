namespace Tidemark.Destinations;

/// <summary>What is known of an idempotency key.</summary>
public enum KeyStatus
{
    /// <summary>Nothing: it is this transaction's until that ends, and the answer is stored with its commit.</summary>
    New,

    /// <summary>It was answered; the stored answer is the answer again.</summary>
    Done,

    /// <summary>It was answered, but its payload was another one.</summary>
    OtherPayload,

    /// <summary>Another transaction is working on it right now.</summary>
    InFlight,
}
