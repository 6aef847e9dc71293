namespace Tidemark.Lookups.Keys;

/// <summary>What becomes of parameters that a key does not name.</summary>
public enum KeyRest
{
    /// <summary>A hash of them follows the key: another value is another answer.</summary>
    Hash,

    /// <summary>A call that gives one is refused.</summary>
    Refuse,
}
