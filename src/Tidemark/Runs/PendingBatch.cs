using Tidemark.Records;
using Tidemark.Telemetry;
using Tidemark.Validation;

namespace Tidemark.Runs;

/// <summary>The open batch and what belongs to it: what is not committed yet.</summary>
/// <param name="context">The stream.</param>
/// <param name="validator">Judges records before they are added; null: nobody adds any.</param>
/// <param name="known">The fields of its table; null: it has none.</param>
internal sealed class PendingBatch(StreamContext context, RecordValidator? validator = null, KnownFields? known = null) : IDisposable
{
    private readonly List<(ReadOnlyMemory<byte> Payload, string Reason, string? Rule)> _refused = [];
    private readonly Dictionary<string, List<ReadOnlyMemory<byte>>> _parents = new(StringComparer.Ordinal);

    public RecordBatch Records { get; } = new(context.Target.Schema, known);

    /// <summary>When its first record came.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>Records that can't be one (not JSON, no primary key, not as declared), and those that break a rule of the stream, with that rule's key.</summary>
    public IReadOnlyList<(ReadOnlyMemory<byte> Payload, string Reason, string? Rule)> Refused => _refused;

    /// <summary>Parents for the queues of child streams, by the child's name: one a record of the batch, in its order.</summary>
    public IReadOnlyDictionary<string, List<ReadOnlyMemory<byte>>> Parents => _parents;

    /// <summary>Bytes of these records.</summary>
    public long RefusedSize { get; private set; }

    public long Skipped { get; set; }

    public long Duplicates { get; set; }

    /// <summary>Records that count as read.</summary>
    public long Read => Records.Count + _refused.Count + Skipped;

    /// <summary>True if there is something that must not be lost.</summary>
    public bool HasRecords => Records.Count + _refused.Count > 0;

    public void Add(ReadOnlySpan<byte> record)
    {
        if (!HasRecords) OpenedAt = context.Time.GetTimestamp();
        if (validator?.Judge(record) is { } rejection)
        {
            Refuse(record, rejection.Reason, rejection.Key);
            return;
        }
        if (Records.Add(record) is { } wrong)
        {
            Refuse(record, wrong, rule: null);
            return;
        }
        foreach (var child in context.Children)
        {
            if (!_parents.TryGetValue(child.Name, out var items)) _parents[child.Name] = items = [];
            items.Add(ParentQueue.Item(record, child.Parent!.Include));
        }
    }

    /// <summary>Refuses a record that could not be enriched.</summary>
    public void RefuseUnanswered(ReadOnlySpan<byte> record, string problem)
    {
        if (!HasRecords) OpenedAt = context.Time.GetTimestamp();
        var key = $"{context.Stream.Enrichment!.Into}: enrich";
        Refuse(record, $"{key}: {problem}", key);
    }

    /// <summary>Counts what was committed.</summary>
    public void Count(Failures.HalvingResult written, long deleted)
    {
        var (inserted, updated, unchanged, _) = written.Counts;
        var failed = written.Refused.Count + _refused.Count;
        foreach (var (counter, amount) in new (Counter, long)[]
        {
            (Counter.Inserted, inserted), (Counter.Updated, updated), (Counter.Written, inserted + updated), (Counter.Unchanged, unchanged), (Counter.Failed, failed),
            (Counter.Skipped, Skipped), (Counter.Duplicates, Duplicates), (Counter.Read, inserted + updated + unchanged + failed + Skipped),
            (Counter.Deleted, deleted), (Counter.Batches, Records.Count > 0 ? 1 : 0), (Counter.Commits, 1),
        })
        {
            context.Counters.Add(counter, amount);
        }
        foreach (var (_, _, rule) in _refused)
        {
            if (rule is not null) context.Rejections.Add(rule);
        }
    }

    /// <summary>Begins anew, with the memory that it has.</summary>
    public void Clear()
    {
        Records.Clear();
        _refused.Clear();
        _parents.Clear();
        RefusedSize = Skipped = Duplicates = 0;
    }

    public void Dispose() => Records.Dispose();

    private void Refuse(ReadOnlySpan<byte> record, string reason, string? rule)
    {
        _refused.Add((record.ToArray(), reason, rule));
        RefusedSize += record.Length;
    }
}
