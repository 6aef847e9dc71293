using Tidemark.Destinations;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Writing;

namespace Tidemark.MongoDb.Sharing;

/// <summary>A collection that a shared writer writes.</summary>
internal sealed class SharedCollection : IDisposable
{
    private readonly MongoSession _session;
    private readonly StreamTarget _target;
    private readonly DocumentMerge? _merge;
    private readonly DocumentAppend? _append;

    public SharedCollection(MongoSession session, StreamTarget target, DestinationServices services)
    {
        (_session, _target) = (session, target);
        Map = new FieldMap(target.Table, target.SchemaContract);
        if (target.Disposition == WriteDisposition.Append) _append = new DocumentAppend(session, target.Table, Map.Discards, services.Time);
        else _merge = new DocumentMerge(session, target.Table, new MergeOptions(target.Schema.PrimaryKey, target.CursorField, target.IgnoreCursor, Unmarks: false, services.CompareCursors, Map.Discards, services.Time));
    }

    /// <summary>Its name.</summary>
    public string Name => _target.Table;

    /// <summary>True if each record is a new document.</summary>
    public bool Appends => _append is not null;

    /// <summary>What is known of it.</summary>
    public FieldMap Map { get; }

    /// <summary>Makes the indexes that it needs; with them the collection is made, if it is missing.</summary>
    public async Task EnsureIndexesAsync(CancellationToken cancellationToken)
    {
        var known = await CollectionIndexes.ReadAsync(_session, Name, cancellationToken);
        if (_merge is not null) await CollectionIndexes.EnsureAsync(_session, Name, new TableIndex(_target.Schema.PrimaryKey, Unique: true), known, cancellationToken);
        foreach (var index in _target.Indexes)
        {
            if (await CollectionIndexes.EnsureAsync(_session, Name, index, known, cancellationToken) is { } made) Map.AddIndex(made);
        }
    }

    /// <summary>Makes fields known, as far as the contract allows.</summary>
    public Task EnsureAsync(TableRecords records, CancellationToken cancellationToken) => Map.EnsureAsync(_session, records.Batch, records.Start, records.Count, cancellationToken);

    /// <summary>Writes records.</summary>
    public async Task<PartlyWritten> WriteAsync(TableRecords records, AppendScope scope, CancellationToken cancellationToken)
    {
        var outcomes = new Outcomes(records.Start, records.Count);
        if (_append is not null) await _append.WriteAsync(records.Batch, records.Start, records.Count, scope, outcomes, cancellationToken);
        else await _merge!.WriteAsync(records.Batch, records.Start, records.Count, outcomes, cancellationToken);
        Map.NoteDiscarded(records.Batch, records.Start, records.Count);
        return outcomes.Parts;
    }

    public void Dispose() => _merge?.Dispose();
}
