namespace Tidemark.Destinations;

/// <summary>How partitions are told apart; each is made when the first row for it arrives.</summary>
public enum PartitionKind
{
    /// <summary>One for each value.</summary>
    List,

    /// <summary>One for each interval of a date or timestamp (UTC).</summary>
    Range,
}
