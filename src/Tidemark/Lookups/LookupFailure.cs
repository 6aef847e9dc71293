namespace Tidemark.Lookups;

/// <summary>Why there is no answer.</summary>
public enum LookupFailure
{
    /// <summary>The source can't be reached, or answered what can't be used.</summary>
    Source,

    /// <summary>The answer has a value that its column does not take.</summary>
    Misfit,

    /// <summary>The source, its quota or its budget wants a longer wait than a caller has.</summary>
    Quota,

    /// <summary>The source did not answer in time.</summary>
    Timeout,

    /// <summary>The database, or the store, is away.</summary>
    Database,
}
