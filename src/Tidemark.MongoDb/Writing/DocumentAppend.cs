using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Values;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>Appends records to a collection, each a document of its own. Owned by one task.</summary>
/// <remarks>
/// 1. A document gets its <c>_id</c> from <see cref="AppendScope"/>; a record that brings a field <c>_id</c> keeps that.
/// 2. A document whose <c>_id</c> is there already is a repeat of what an attempt before has written. With an <c>_id</c> of its own it is one only if all of it is the same; else it is refused.
/// </remarks>
internal sealed class DocumentAppend(MongoSession session, string collection, Func<string, bool> discards, TimeProvider time)
{
    private const int MaxAttempts = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Writes some records of a batch.</summary>
    public async Task WriteAsync(RecordBatch batch, int start, int count, AppendScope scope, Outcomes outcomes, CancellationToken cancellationToken)
    {
        var documents = DocumentsOf(batch, start, count, scope, outcomes);
        var own = batch.Find("_id");
        for (var attempt = 0; documents.Count > 0; attempt++)
        {
            if (attempt == MaxAttempts) throw session.Errors.OfServer(MongoError.WriteConflict, $"documents can't be inserted into '{collection}'");
            if (attempt > 1) await Task.Delay(Pause * attempt, time, cancellationToken);
            using var bulk = session.NewBulk(collection);
            foreach (var (_, document) in documents) bulk.Insert(document);
            var result = await session.ExecuteAsync(bulk, cancellationToken);
            var repeated = new List<(int Record, byte[] Document)>();
            var again = new List<(int Record, byte[] Document)>();
            foreach (var (record, _) in documents) outcomes[record] = RecordOutcome.Inserted;
            foreach (var error in result.Errors)
            {
                var (record, document) = documents[error.Index];
                if (error.Code == MongoError.WriteConflict) again.Add((record, document));
                else if (error.Code == MongoError.DuplicateKey) repeated.Add((record, document));
                else if (MongoErrors.IsOfRecord(error.Code)) outcomes.Refuse(record, $"the database refuses a record: {error.Message} (code {error.Code})");
                else throw session.Errors.OfServer(error.Code, error.Message);
            }
            if (repeated.Count > 0) await SortAsync(repeated, own, outcomes, cancellationToken);
            documents = again;
        }
    }

    private List<(int Record, byte[] Document)> DocumentsOf(RecordBatch batch, int start, int count, AppendScope scope, Outcomes outcomes)
    {
        var names = new FieldNames(batch, isUpdate: false);
        var own = batch.Find("_id");
        var skipped = batch.Columns.Select(c => c == own || discards(c.Field)).ToArray();
        var documents = new List<(int, byte[])>(count);
        using var fields = new BsonWriter();
        using var whole = new BsonWriter();
        Span<byte> id = stackalloc byte[AppendScope.IdLength];
        for (var record = start; record < start + count; record++)
        {
            fields.Clear();
            fields.Begin();
            if (WriteFields(fields, batch, names, skipped, record) is { } wrong)
            {
                outcomes.Refuse(record, wrong);
                continue;
            }
            fields.End();
            whole.Clear();
            whole.Begin();
            if (own is not null && own[record].Kind is not (CellKind.Absent or CellKind.Null))
            {
                if (CellEncoder.Write(whole, "_id"u8, batch, own[record], own.Declared) is { } noId)
                {
                    outcomes.Refuse(record, $"'_id': {noId}");
                    continue;
                }
            }
            else
            {
                scope.NextId(fields.Written, id);
                whole.String("_id"u8, id);
            }
            whole.RawElements(fields.Written[sizeof(int)..^1]);
            whole.End();
            if (whole.Length > MergeStatements.MaxSize) outcomes.Refuse(record, MergeStatements.TooLarge(whole.Length));
            else documents.Add((record, whole.Written.ToArray()));
        }
        return documents;
    }

    private static string? WriteFields(BsonWriter writer, RecordBatch batch, FieldNames names, bool[] skipped, int record)
    {
        for (var i = 0; i < skipped.Length; i++)
        {
            var column = batch.Columns[i];
            if (skipped[i] || !column[record].IsPresent) continue;
            if (names.ProblemOf(i) is { } problem) return problem;
            if (CellEncoder.Write(writer, names.Of(i), batch, column[record], column.Declared) is { } wrong) return $"'{column.Field}': {wrong}";
        }
        return null;
    }

    // What is there already.
    private async Task SortAsync(List<(int Record, byte[] Document)> repeated, BatchColumn? own, Outcomes outcomes, CancellationToken cancellationToken)
    {
        var stored = await session.FindAsync(
            collection, w => w.In("_id"u8, repeated, static (writer, name, r) => writer.Copy(name, r.Document, "_id"u8)), static w => w.Int32("batchSize"u8, 10_000), cancellationToken);
        var byId = stored.ToDictionary(IdOf, StringComparer.Ordinal);
        foreach (var (record, document) in repeated)
        {
            var isOwn = own is not null && own[record].Kind is not (CellKind.Absent or CellKind.Null);
            if (!byId.TryGetValue(IdOf(document), out var there)) outcomes.Refuse(record, $"the database refuses a record: a unique index of '{collection}' knows a value of it already (code {MongoError.DuplicateKey})");
            else if (!isOwn) outcomes[record] = RecordOutcome.Inserted;
            else if (there.AsSpan().SequenceEqual(document)) outcomes[record] = RecordOutcome.Unchanged;
            else outcomes.Refuse(record, $"another document of '{collection}' has the _id {BsonText.Of(BsonReader.Find(document, "_id"u8))}");
        }
    }

    private static string IdOf(byte[] document) => KeyEncoder.IdentityOf(BsonReader.Find(document, "_id"u8));
}
