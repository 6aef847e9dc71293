using System.Globalization;
using Tidemark.Destinations;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Leases;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.MongoDb.Writing;

/// <summary>The collection of a stream and, only where the stream needs them, those of ours beside it, which belong to one scan: another one has others.</summary>
internal sealed class StreamCollections : IDisposable
{
    private const string StagePrefix = ColumnCollection.Prefix + "stage_";
    private const string SeenPrefix = ColumnCollection.Prefix + "seen_";

    private readonly MongoSession _session;
    private readonly StreamTarget _target;
    private readonly Func<string, string, int?> _compareCursors;
    private readonly TimeProvider _time;
    private readonly string _hash;
    private readonly HashSet<string> _indexed = new(StringComparer.Ordinal);
    private DocumentMerge? _merge;
    private DocumentAppend? _append;
    private long _generation = -1;
    private string? _committedId;

    public StreamCollections(MongoSession session, StreamTarget target, DestinationServices services)
    {
        (_session, _target, _compareCursors, _time) = (session, target, services.CompareCursors, services.Time);
        Key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
        Map = new FieldMap(target.Table, target.SchemaContract);
        _hash = StableHash.Of(target.PipelineName, target.Stream, target.Table);
    }

    /// <summary>The fields of the primary key; empty: each record is a new document.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>What is known of the collection.</summary>
    public FieldMap Map { get; }

    /// <summary>True if documents that the source no longer has are looked for.</summary>
    public bool FollowsDeletions => _target.Deletions != Deletions.Ignore && _target.Disposition == WriteDisposition.Merge;

    /// <summary>True if a complete scan takes the place of all documents.</summary>
    public bool IsReplace => _target.Disposition == WriteDisposition.Replace;

    /// <summary>True if documents are appended, here or beside the collection: what is not committed is taken away.</summary>
    public bool Appends => Key.Count == 0;

    /// <summary>What a full scan puts aside until it is complete.</summary>
    public string Stage(long generation) => Name(StagePrefix, generation);

    /// <summary>The keys that a full scan has carried.</summary>
    public string Seen(long generation) => Name(SeenPrefix, generation);

    /// <summary>Where records go.</summary>
    public string Written(long generation) => IsReplace ? Stage(generation) : _target.Table;

    /// <summary>Reads what is there, and makes indexes of a collection that is.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await Map.LoadAsync(_session, cancellationToken);
        if (await CollectionInfo.FindAsync(_session, _target.Table, cancellationToken) is not null) await EnsureIndexesAsync(_target.Table, cancellationToken);
    }

    /// <summary>Checks that the collection is the one that documents were committed to.</summary>
    /// <exception cref="DestinationException">It is gone, or another one.</exception>
    public async Task CheckSameAsync(CancellationToken cancellationToken)
    {
        // What is put aside replaces all documents, whichever collection they are in.
        if (_committedId is null || IsReplace) return;
        var found = await CollectionInfo.FindAsync(_session, _target.Table, cancellationToken);
        if (string.Equals(found?.Id, _committedId, StringComparison.Ordinal)) return;
        throw new DestinationException(DestinationFault.Fatal,
            $"somebody else has dropped or renamed the collection '{_target.Table}' during this run{(found is null ? "" : " and made another one of its name")}: what was in it is not there any more, and nothing more was written. "
            + $"Put it back, or read everything again: tidemark reset {_target.Stream}, then tidemark run {_target.Stream}");
    }

    /// <summary>At this point documents are committed: the collection must stay the one that it is.</summary>
    public async Task CommittedAsync(CancellationToken cancellationToken)
    {
        if (_committedId is null && !IsReplace) _committedId = (await CollectionInfo.FindAsync(_session, _target.Table, cancellationToken))?.Id;
    }

    /// <summary>Writes some records of a batch, and tells of each what became of it.</summary>
    public async Task<Outcomes> WriteAsync(RecordBatch batch, int start, int count, AppendScope scope, long generation, CancellationToken cancellationToken)
    {
        await Map.EnsureAsync(_session, batch, start, count, cancellationToken);
        var collection = Written(generation);
        await EnsureIndexesAsync(collection, cancellationToken);
        if (_generation != generation) Renew(collection, generation);
        var outcomes = new Outcomes(start, count);
        if (_append is not null) await _append.WriteAsync(batch, start, count, scope, outcomes, cancellationToken);
        else await _merge!.WriteAsync(batch, start, count, outcomes, cancellationToken);
        if (FollowsDeletions) await SeenKeys.AddAsync(_session, Seen(generation), batch, start, count, Key, outcomes.Refused.ToHashSet(), cancellationToken);
        Map.NoteDiscarded(batch, start, count);
        return outcomes;
    }

    /// <summary>Makes the indexes that the stream needs, once.</summary>
    public async Task EnsureIndexesAsync(string collection, CancellationToken cancellationToken)
    {
        if (_indexed.Contains(collection)) return;
        var known = await CollectionIndexes.ReadAsync(_session, collection, cancellationToken);
        if (Key.Count > 0) await CollectionIndexes.EnsureAsync(_session, collection, new TableIndex(Key, Unique: true), known, cancellationToken);
        if (string.Equals(collection, _target.Table, StringComparison.Ordinal))
        {
            foreach (var index in _target.Indexes)
            {
                if (await CollectionIndexes.EnsureAsync(_session, collection, index, known, cancellationToken) is { } made) Map.AddIndex(made);
            }
        }
        _indexed.Add(collection);
    }

    /// <summary>Takes away what other scans have put aside.</summary>
    /// <param name="generation">The scan whose collections stay; null: none stay.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task DropSideAsync(long? generation, CancellationToken cancellationToken)
    {
        foreach (var name in await CollectionInfo.NamesAsync(_session, ColumnCollection.Prefix, cancellationToken))
        {
            if (!name.StartsWith(StagePrefix + _hash, StringComparison.Ordinal) && !name.StartsWith(SeenPrefix + _hash, StringComparison.Ordinal)) continue;
            if (generation is { } kept && (name == Stage(kept) || name == Seen(kept))) continue;
            await _session.DropAsync(name, cancellationToken);
            _indexed.Remove(name);
        }
    }

    public void Dispose() => _merge?.Dispose();

    private string Name(string prefix, long generation) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{_hash}_{generation}");

    private void Renew(string collection, long generation)
    {
        _merge?.Dispose();
        (_merge, _append, _generation) = (null, null, generation);
        if (Appends) _append = new DocumentAppend(_session, collection, Map.Discards, _time);
        // Beside the collection there are only versions of this scan: the newest of them wins, whatever is stored.
        else _merge = new DocumentMerge(_session, collection, new MergeOptions(Key, _target.CursorField, _target.IgnoreCursor && !IsReplace, _target.Deletions == Deletions.Mark, _compareCursors, Map.Discards, _time));
    }
}
