using Tidemark.Batching;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>Merges records into a collection by unordered bulk upserts. Owned by one task.</summary>
/// <remarks>
/// 1. Records of one key are folded, oldest first; mostly they make one round (<see cref="KeyFold"/>).
/// 2. A round is one bulk. Where versions are compared, what is stored is read before, and each write holds only as long as that is stored still: whoever was faster in between makes it
///    meet the unique index, and it is tried again.
/// 3. The answer tells which were inserted and which were refused; of the others only how many have changed. Where some have and some have not, which of them is not known: the first ones are
///    counted as updated.
/// 4. Conflicts with other writers are tried again, those writes only. A document that is to blame is refused, and no other with it.
/// 5. What a refused document had overtaken is written after all, one by one.
/// </remarks>
internal sealed class DocumentMerge(MongoSession session, string collection, MergeOptions options) : IDisposable
{
    private const int MaxAttempts = 30;

    // A key that is found twice after so many attempts is not that of another writer, but a value that another unique index knows.
    private const int MaxDuplicates = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly KeyFold _fold = new();

    /// <summary>Writes some records of a batch.</summary>
    public async Task WriteAsync(RecordBatch batch, int start, int count, Outcomes outcomes, CancellationToken cancellationToken)
    {
        if (count == 0) return;
        var key = new KeyEncoder(batch, options.Key);
        if (count > 1 && key.IsMixed(start, count))
        {
            // Rare enough to be simple: in halves, until no text meets a number.
            await WriteAsync(batch, start, count / 2, outcomes, cancellationToken);
            await WriteAsync(batch, start + (count / 2), count - (count / 2), outcomes, cancellationToken);
            return;
        }
        var cursor = options.CursorField is { } field ? batch.Find(field) : null;
        var isGuarded = cursor is not null && !options.IgnoresStored;
        _fold.Fold(batch, start, count, key.Parts(start, count), new VersionOrder(cursor, isGuarded, options.CompareCursors));
        var statements = new MergeStatements(batch, key, options, isGuarded ? cursor : null, _fold);
        var rows = 0;
        for (var round = 0; round < _fold.Rounds; round++)
        {
            rows += _fold.Round(round).Length;
            await WriteRoundAsync(statements, [.. _fold.Round(round)], outcomes, cancellationToken);
        }
        if (rows < count && !outcomes.IsWhole) await WriteOvertakenAsync(batch, start, count, key, outcomes, cancellationToken);
    }

    public void Dispose() => _fold.Dispose();

    private async Task WriteRoundAsync(MergeStatements statements, List<FoldedRow> pending, Outcomes outcomes, CancellationToken cancellationToken)
    {
        var duplicates = new Dictionary<int, int>();
        for (var attempt = 0; pending.Count > 0; attempt++)
        {
            if (attempt == MaxAttempts) throw new MongoError(DestinationFault.Temporary, MongoError.WriteConflict, $"{session.Errors.Name}: other writers change documents of '{collection}' faster than they can be merged");
            if (attempt > 1) await Task.Delay(Pause * attempt, options.Time, cancellationToken);
            var stored = statements.Cursor is null ? null
                : await StoredVersions.ReadAsync(session, collection, statements.Key, pending.ConvertAll(r => r.Record), options.CursorField!, cancellationToken);
            using var bulk = session.NewBulk(collection);
            var sent = statements.AddTo(bulk, pending, stored, outcomes);
            pending = Read(await session.ExecuteAsync(bulk, cancellationToken), sent, statements.Cursor is not null, duplicates, outcomes);
        }
    }

    // What is to be tried again.
    private List<FoldedRow> Read(BulkResult result, List<FoldedRow> sent, bool isGuarded, Dictionary<int, int> duplicates, Outcomes outcomes)
    {
        var again = new List<FoldedRow>();
        foreach (var row in sent) outcomes[row.Record] = RecordOutcome.Updated;
        foreach (var index in result.Upserted) outcomes[sent[index].Record] = RecordOutcome.Inserted;
        foreach (var error in result.Errors)
        {
            var row = sent[error.Index];
            outcomes[row.Record] = RecordOutcome.Duplicate;
            var times = duplicates[row.Record] = duplicates.GetValueOrDefault(row.Record) + (error.Code == MongoError.DuplicateKey ? 1 : 0);
            if (error.Code == MongoError.WriteConflict || (error.Code == MongoError.DuplicateKey && times < (isGuarded ? MaxAttempts : MaxDuplicates))) again.Add(row);
            else if (MongoErrors.IsOfRecord(error.Code)) outcomes.Refuse(row.Record, $"the database refuses a record: {error.Message} (code {error.Code})");
            else throw session.Errors.OfServer(error.Code, error.Message);
        }
        var changed = result.Modified;
        foreach (var row in sent)
        {
            if (outcomes[row.Record] == RecordOutcome.Updated && changed-- <= 0) outcomes[row.Record] = RecordOutcome.Unchanged;
        }
        return again;
    }

    private async Task WriteOvertakenAsync(RecordBatch batch, int start, int count, KeyEncoder key, Outcomes outcomes, CancellationToken cancellationToken)
    {
        string? Identity(int record)
        {
            string? wrong = null;
            var document = BsonWriter.Document(w => wrong = key.Write(w, record));
            return wrong is null ? key.IdentityOf(document) : null;
        }

        var refused = outcomes.Refused.ToHashSet();
        var keys = refused.Select(Identity).ToHashSet(StringComparer.Ordinal);
        for (var record = start; record < start + count; record++)
        {
            if (refused.Contains(record) || outcomes[record] != RecordOutcome.Duplicate || Identity(record) is not { } identity || !keys.Contains(identity)) continue;
            await WriteAsync(batch, record, 1, outcomes, cancellationToken);
        }
    }
}
