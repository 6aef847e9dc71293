using System.Collections.Concurrent;

namespace Tidemark.Simulators.Records;

/// <summary>
/// All records of one kind. A reader sees one moment: writers, which are serialised, put a new snapshot in the place of the
/// old one and never touch it.
/// </summary>
internal sealed class RecordTable
{
    private const int MostViews = 64;

    private readonly Lock _writing = new();
    private volatile TableState _snapshot = new([]);

    /// <summary>By identifier.</summary>
    public IReadOnlyList<SimulatedRecord> All => _snapshot.Records;

    public void Load(IEnumerable<SimulatedRecord> records)
    {
        var sorted = records.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        lock (_writing)
            _snapshot = new TableState(sorted);
    }

    /// <summary>Inserts and updates in one step; optionally deletes one record.</summary>
    public void Apply(IReadOnlyCollection<SimulatedRecord> changed, string? deleted = null)
    {
        lock (_writing)
        {
            var news = changed.ToDictionary(static record => record.Id, StringComparer.Ordinal);
            var records = new List<SimulatedRecord>(_snapshot.Records.Length + changed.Count);
            foreach (var record in _snapshot.Records)
            {
                if (news.Remove(record.Id, out var update))
                    records.Add(update);
                else if (!string.Equals(record.Id, deleted, StringComparison.Ordinal))
                    records.Add(record);
            }

            records.AddRange(news.Values);
            if (news.Count > 0)
                records.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
            _snapshot = new TableState([.. records]);
        }
    }

    public RecordView View(SortOrder order, params ReadOnlySpan<KeyFilter> filters) => _snapshot.View(order, filters.ToArray());

    private sealed class TableState(SimulatedRecord[] records)
    {
        private readonly ConcurrentDictionary<string, RecordView> _views = new(StringComparer.Ordinal);

        public SimulatedRecord[] Records => records;

        public RecordView View(SortOrder order, KeyFilter[] filters)
        {
            // Bounds differ from call to call; views must not pile up.
            if (_views.Count >= MostViews)
                _views.Clear();
            return _views.GetOrAdd(
                order.Name + "\n" + string.Join('\n', filters),
                static (_, wanted) => Make(wanted.records, wanted.order, wanted.filters),
                (records, order, filters));
        }

        private static RecordView Make(SimulatedRecord[] records, SortOrder order, KeyFilter[] filters)
        {
            var kept = filters.Length == 0
                ? records
                : [.. records.Where(record => Array.TrueForAll(filters, filter => filter.Keeps(record)))];
            if (order.Key < 0 && !order.Descending)
                return new RecordView(kept, order);
            var sorted = kept.ToArray();
            Array.Sort(sorted, order);
            return new RecordView(sorted, order);
        }
    }
}
