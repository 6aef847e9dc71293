using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Configuration.Shapes;

/// <summary>How a table is partitioned: <c>{ column: created_at, by: range, interval: month }</c>.</summary>
internal static class PartitioningShape
{
    private static readonly Shape<WrittenPartitioning> Keys = new Shape<WrittenPartitioning>("How a new table is partitioned.", () => new WrittenPartitioning("", PartitionKind.List, null))
        .Required("column", Formats.Text, (w, column) => w with { Column = column }, "The field by whose value a row finds its partition; a primary_key must hold it.")
        .Required("by", Formats.OneOf<PartitionKind>(), (w, kind) => w with { Kind = kind }, "list: a partition for each value; range: one for each interval of a date or timestamp (UTC).")
        .Optional("interval", Formats.OneOf<PartitionInterval>(), (w, interval) => w with { Interval = interval }, "The width of a partition of a range. Default: month.")
        .Rule(w => w is { Kind: PartitionKind.List, Interval: not null } ? ("interval", "found an interval, but a list has a partition for each value; take it out, or set by: range") : null);

    /// <summary>A partitioning.</summary>
    public static Format<TablePartitioning> Any { get; } = Formats.Made(Keys, w => new TablePartitioning(w.Column, w.Kind, w.Interval ?? PartitionInterval.Month));

    private sealed record WrittenPartitioning(string Column, PartitionKind Kind, PartitionInterval? Interval);
}
