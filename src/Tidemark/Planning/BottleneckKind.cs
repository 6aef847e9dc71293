namespace Tidemark.Planning;

/// <summary>What holds a stream up.</summary>
public enum BottleneckKind
{
    /// <summary>How long a call takes, one after the other.</summary>
    Calls,

    /// <summary>A rate or the balance of a quota, or what the server says to be left of it.</summary>
    Quota,

    /// <summary>A budget of a quota.</summary>
    Budget,

    /// <summary>How long answers of enrichment take, so many at once.</summary>
    Enrichment,

    /// <summary>How fast the destination writes.</summary>
    Destination,

    /// <summary>How fast a source is read that makes no calls.</summary>
    Source,
}
