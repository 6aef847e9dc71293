namespace Tidemark.Destinations;

/// <summary>How a table is partitioned.</summary>
/// <param name="Column">The field by whose value a row finds its partition; with a primary key it must be part of it.</param>
/// <param name="Kind">How partitions are told apart.</param>
/// <param name="Interval">The width of a partition of <see cref="PartitionKind.Range"/>.</param>
public sealed record TablePartitioning(string Column, PartitionKind Kind, PartitionInterval Interval = PartitionInterval.Month);
