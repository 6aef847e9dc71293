using System.Text;
using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Values;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>Makes upserts of folded records.</summary>
internal sealed class MergeStatements(RecordBatch batch, KeyEncoder key, MergeOptions options, BatchColumn? cursor, KeyFold fold)
{
    /// <summary>The largest document that MongoDB takes.</summary>
    public const int MaxSize = 16 << 20;

    private static readonly byte[] Unmark = BsonWriter.Document(static w =>
    {
        w.Begin("$unset"u8);
        w.Int32(MergeOptions.DeletedAt, 1);
        w.End();
    });

    private readonly FieldNames _names = new(batch, isUpdate: true);
    private readonly byte[] _cursorName = Encoding.UTF8.GetBytes(options.CursorField ?? "");
    private readonly bool[] _skipped = [.. batch.Columns.Select(c => key.Has(c) || options.Discards(c.Field))];

    /// <summary>The primary key.</summary>
    public KeyEncoder Key => key;

    /// <summary>What orders versions, where what is stored may hold a record back; null: nothing does.</summary>
    public BatchColumn? Cursor => cursor;

    /// <summary>Adds upserts to a bulk. What is older than what is stored, or can't be written, is told at once.</summary>
    /// <returns>The rows that were added, in their order in the bulk.</returns>
    public List<FoldedRow> AddTo(MongoBulk bulk, List<FoldedRow> rows, Dictionary<string, StoredVersion>? stored, Outcomes outcomes)
    {
        var sent = new List<FoldedRow>(rows.Count);
        using var selector = new BsonWriter();
        using var update = new BsonWriter();
        foreach (var row in rows)
        {
            if (WriteSelector(selector, row, condition: null) is { } noKey)
            {
                outcomes.Refuse(row.Record, noKey);
                continue;
            }
            if (stored is not null && cursor![row.Record].Kind is not (CellKind.Absent or CellKind.Null))
            {
                var found = stored.GetValueOrDefault(key.IdentityOf(selector.Written));
                if (IsOlder(row, found))
                {
                    outcomes[row.Record] = RecordOutcome.Older;
                    // The source has it, in whatever version.
                    if (options.Unmarks && found!.IsMarked) Add(row, Unmark, orInsert: false);
                    continue;
                }
                WriteSelector(selector, row, found ?? StoredVersion.None);
            }
            update.Clear();
            if (WriteUpdate(update, selector.Written, row) is { } wrong) outcomes.Refuse(row.Record, wrong);
            else if (update.Length + selector.Length > MaxSize) outcomes.Refuse(row.Record, TooLarge(update.Length + selector.Length));
            else Add(row, update.Written, orInsert: true);
        }
        return sent;

        void Add(in FoldedRow row, ReadOnlySpan<byte> change, bool orInsert)
        {
            bulk.UpdateOne(selector.Written, change, orInsert);
            sent.Add(row);
        }
    }

    /// <summary>Why a document is refused that is too large.</summary>
    public static string TooLarge(int size) => $"the document has {size} bytes, more than the {MaxSize} (16 MiB) that MongoDB takes";

    private bool IsOlder(in FoldedRow row, StoredVersion? found) =>
        found?.Text is { } there && CellText.StringOf(batch, cursor![row.Record]) is { } arriving && options.CompareCursors(arriving, there) < 0;

    // With a condition it finds the document only as long as this version is stored; a document that is there in another one it does not find, and then the unique index holds it back.
    private string? WriteSelector(BsonWriter selector, in FoldedRow row, StoredVersion? condition)
    {
        selector.Clear();
        selector.Begin();
        if (key.Write(selector, row.Record) is { } wrong) return wrong;
        // Of a field of the key the value is there already.
        if (condition is not null && !key.Has(cursor!))
        {
            if (condition.Text is null) selector.Null(_cursorName);
            else selector.Raw(_cursorName, condition.Type, condition.Value);
        }
        selector.End();
        return null;
    }

    private string? WriteUpdate(BsonWriter update, ReadOnlySpan<byte> selector, in FoldedRow row)
    {
        update.Begin();
        var start = update.Length;
        update.Begin("$set"u8);
        var empty = update.Length;
        for (var i = 0; i < _skipped.Length; i++)
        {
            if (_skipped[i]) continue;
            var cell = batch.Columns[i][fold.RecordOf(row, i)];
            if (!cell.IsPresent) continue;
            if (_names.ProblemOf(i) is { } problem) return problem;
            if (CellEncoder.Write(update, _names.Of(i), batch, cell, batch.Columns[i].Declared) is { } wrong) return $"'{batch.Columns[i].Field}': {wrong}";
        }
        if (update.Length > empty)
        {
            update.End();
        }
        else
        {
            update.Truncate(start, depth: 1);
            // An update of nothing is none: what is in the selector is what a new document has.
            var first = BsonReader.Find(selector, key.Names[0]);
            update.Begin("$setOnInsert"u8);
            update.Raw(key.Names[0], first.Type, first.Value);
            update.End();
        }
        if (options.Unmarks)
        {
            update.Begin("$unset"u8);
            update.Int32(MergeOptions.DeletedAt, 1);
            update.End();
        }
        update.End();
        return null;
    }
}
