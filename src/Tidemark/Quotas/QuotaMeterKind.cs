namespace Tidemark.Quotas;

/// <summary>What limits a quota.</summary>
public enum QuotaMeterKind
{
    /// <summary>So much in any window of an interval.</summary>
    Rate,

    /// <summary>A balance that refills.</summary>
    Bucket,

    /// <summary>A cap of a calendar period.</summary>
    Budget,

    /// <summary>What the server itself says to be left.</summary>
    Server,
}
