using Tidemark.Destinations;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Collections;

/// <summary>
/// The fields of a collection as far as they are known, and what a schema contract makes of others. MongoDB itself asks for none of it: fields are remembered for contracts, for reports, and so
/// that a flattened object that is gone takes all of its fields with it.
/// </summary>
internal sealed class FieldMap(string collection, SchemaContract contract)
{
    private readonly Dictionary<string, ColumnType> _known = new(StringComparer.Ordinal);
    private readonly List<SchemaChange> _changes = [];
    private bool _isThere;

    /// <summary>The fields.</summary>
    public IReadOnlyDictionary<string, ColumnType> Fields => _known;

    /// <summary>Takes the changes that were made since the last call.</summary>
    public IReadOnlyList<SchemaChange> TakeChanges()
    {
        SchemaChange[] changes = [.. _changes];
        _changes.Clear();
        return changes;
    }

    /// <summary>Tells of an index that was made.</summary>
    public void AddIndex(string name) => _changes.Add(new SchemaChange(SchemaChangeKind.IndexCreated, collection, To: name));

    /// <summary>Reads what is known.</summary>
    public async Task LoadAsync(MongoSession session, CancellationToken cancellationToken)
    {
        _isThere = await CollectionInfo.FindAsync(session, collection, cancellationToken) is not null;
        var known = await ColumnCollection.ReadAsync(session, collection, cancellationToken);
        // A collection that was dropped has no fields; one of somebody else's has some that nobody has told us.
        if (!_isThere) known.Clear();
        else if (known.Count == 0) known = await ColumnCollection.SampleAsync(session, collection, cancellationToken);
        _known.Clear();
        foreach (var (field, type) in known) _known[field] = type;
    }

    /// <summary>True if a field's values are left out.</summary>
    public bool Discards(string field) => contract == SchemaContract.Discard && _isThere && !_known.ContainsKey(field);

    /// <summary>Makes fields known, as far as the contract allows. It sends nothing while they are.</summary>
    /// <exception cref="DestinationException">The collection must not change.</exception>
    public async Task EnsureAsync(MongoSession session, RecordBatch batch, int start, int count, CancellationToken cancellationToken)
    {
        var arriving = Arriving(batch, start, count);
        var changed = new List<KeyValuePair<string, ColumnType>>();
        foreach (var (field, type, isDeclared) in arriving)
        {
            if (!_known.TryGetValue(field, out var stored)) changed.Add(new(field, type));
            else if (!isDeclared && ColumnTypes.Widen(stored, type) is var wide && wide != stored) changed.Add(new(field, wide));
        }
        if (changed.Count == 0 && _isThere) return;
        if (_isThere && contract != SchemaContract.Evolve) Check(changed);
        else await AddAsync(session, changed, cancellationToken);
    }

    /// <summary>Counts values of fields that were left out.</summary>
    public void NoteDiscarded(RecordBatch batch, int start, int count)
    {
        if (contract != SchemaContract.Discard) return;
        foreach (var column in batch.Columns.Where(c => Discards(c.Field)))
        {
            var values = Enumerable.Range(start, count).LongCount(row => column[row].Kind is not (CellKind.Absent or CellKind.Null));
            if (values > 0) _changes.Add(new SchemaChange(SchemaChangeKind.FieldDiscarded, collection, column.Field, Count: values));
        }
    }

    private static List<(string Field, ColumnType Type, bool IsDeclared)> Arriving(RecordBatch batch, int start, int count)
    {
        var arriving = new List<(string, ColumnType, bool)>(batch.Columns.Count);
        foreach (var column in batch.Columns)
        {
            var seen = count == batch.Count ? column.Seen : column.SeenIn(start, count);
            if ((seen & CellKinds.Values) != CellKinds.None) arriving.Add((column.Field, column.Declared ?? ColumnTypes.Infer(seen)!.Value, column.Declared is not null));
        }
        return arriving;
    }

    // What is changed is unknown, or does not hold what comes.
    private void Check(List<KeyValuePair<string, ColumnType>> changed)
    {
        var wrong = changed.Where(c => _known.ContainsKey(c.Key)).Select(c => $"the field '{c.Key}' brings other values than {ColumnCollection.MongoName(_known[c.Key])}").ToList();
        if (contract == SchemaContract.Discard)
        {
            if (wrong.Count > 0) throw new DestinationException(DestinationFault.Record, $"{string.Join("; ", wrong)}, and the collection '{collection}' must not change (schema_contract: discard)");
            return;
        }
        wrong.InsertRange(0, changed.Where(c => !_known.ContainsKey(c.Key)).Select(c => $"the field '{c.Key}' is new"));
        if (wrong.Count > 0)
            throw new DestinationException(DestinationFault.Guard, $"the collection '{collection}' must not change (schema_contract: freeze), but {string.Join("; ", wrong)}. Nothing of the batch was written: set schema_contract to evolve or discard");
    }

    private async Task AddAsync(MongoSession session, List<KeyValuePair<string, ColumnType>> changed, CancellationToken cancellationToken)
    {
        await ColumnCollection.WriteAsync(session, collection, changed, cancellationToken);
        if (!_isThere) _changes.Add(new SchemaChange(SchemaChangeKind.TableCreated, collection, Count: changed.Count));
        foreach (var (field, type) in changed)
        {
            var isKnown = _known.TryGetValue(field, out var before);
            _known[field] = type;
            if (!_isThere) continue;
            _changes.Add(isKnown
                ? new SchemaChange(SchemaChangeKind.ColumnWidened, collection, field, ColumnCollection.MongoName(before), ColumnCollection.MongoName(type))
                : new SchemaChange(SchemaChangeKind.ColumnAdded, collection, field, To: ColumnCollection.MongoName(type)));
        }
        _isThere = true;
    }
}
