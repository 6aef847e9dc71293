using Tidemark.Destinations;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Collections;

/// <summary>Tells a collection as it really is.</summary>
internal static class CollectionDescriber
{
    /// <summary>Describes the collection of a stream; null if there is none.</summary>
    public static async Task<TableDescription?> DescribeAsync(MongoSession session, StreamTarget target, CancellationToken cancellationToken)
    {
        if (await CollectionInfo.FindAsync(session, target.Table, cancellationToken) is null) return null;
        var recorded = await ColumnCollection.ReadAsync(session, target.Table, cancellationToken);
        var found = await ColumnCollection.SampleAsync(session, target.Table, cancellationToken);
        var indexes = await CollectionIndexes.ReadAsync(session, target.Table, cancellationToken);
        var key = target.Schema.PrimaryKey;
        // The unique index over the key is to a collection what a primary key is to a table.
        var keyIndex = key.Count == 0 ? null : indexes.FirstOrDefault(i => i.Unique && i.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(key));
        var columns = recorded.Select(r => ColumnOf(r.Key, TypeOf(r.Value, found.TryGetValue(r.Key, out var real) ? real : r.Value), r.Key, r.Value, key))
            .Concat(found.Where(f => !recorded.ContainsKey(f.Key)).Select(f => ColumnOf(f.Key, f.Value, field: null, recorded: null, key)));
        return new TableDescription(
            target.Table, [.. columns], keyIndex?.Columns ?? [], [.. indexes.Where(i => i != keyIndex && i.Columns is not ["_id"])], await session.CountAsync(target.Table, cancellationToken));
    }

    // MongoDB keeps a value as it came, so that a document may have another type than most: what was recorded holds all of them. A day is a date to it.
    private static ColumnType TypeOf(ColumnType recorded, ColumnType real) =>
        recorded == ColumnType.Date && real == ColumnType.Timestamp ? recorded : ColumnTypes.Widen(recorded, real) == recorded ? recorded : real;

    private static ColumnDescription ColumnOf(string name, ColumnType type, string? field, ColumnType? recorded, IReadOnlyList<string> key) =>
        new(name, ColumnCollection.MongoName(type), type, Nullable: !key.Contains(name, StringComparer.Ordinal), field, recorded);
}
