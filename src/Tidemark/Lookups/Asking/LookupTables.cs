using Tidemark.Destinations;
using Tidemark.Lookups.Keeping;
using Tidemark.Records;

namespace Tidemark.Lookups.Asking;

/// <summary>The tables of a lookup.</summary>
public static class LookupTables
{
    /// <summary>The table of its answers, as it is written.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="definition">The lookup.</param>
    public static StreamTarget AnswersOf(string pipeline, LookupDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new StreamTarget
        {
            PipelineName = pipeline,
            Stream = definition.Name,
            Table = definition.Table ?? definition.Name,
            SchemaContract = SchemaContract.Freeze,
            Indexes = [new TableIndex([LookupTarget.ExpiresAt]), .. definition.Indexes],
            Schema = new BatchSchema
            {
                PrimaryKey = [LookupTarget.Key],
                Columns =
                [
                    new(LookupTarget.Key, null, ColumnType.Text), .. ColumnsOf(definition),
                    new(LookupTarget.CreatedAt, null, ColumnType.Timestamp), new(LookupTarget.ExpiresAt, null, ColumnType.Timestamp), new(LookupTarget.HitCount, null, ColumnType.Bigint),
                ],
            },
        };
    }

    /// <summary>The table of its history, as it is written; null: it has none.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="definition">The lookup.</param>
    public static StreamTarget? HistoryOf(string pipeline, LookupDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.History is { } history ? HistoryLog.TargetOf(pipeline, definition.Name, history) : null;
    }

    /// <summary>The table of its answers, as it is read.</summary>
    internal static LookupTarget ReadOf(LookupDefinition definition) => new(definition.Table ?? definition.Name, [.. ColumnsOf(definition)]) { IsWhole = definition.Columns.Count == 0 };

    private static IEnumerable<DeclaredColumn> ColumnsOf(LookupDefinition definition)
    {
        IReadOnlyList<LookupColumn> columns = definition.Columns.Count > 0 ? definition.Columns : [LookupDefinition.WholeAnswer];
        return columns.Select(c => new DeclaredColumn(c.Name, null, c.Type));
    }
}
