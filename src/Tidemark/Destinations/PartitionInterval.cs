namespace Tidemark.Destinations;

/// <summary>How much time a partition covers.</summary>
public enum PartitionInterval
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>A calendar year.</summary>
    Year,
}
