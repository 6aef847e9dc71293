using System.Collections.Concurrent;

namespace Tidemark.Simulators.Sirene;

/// <summary>
/// All establishments; a row's index is its ordinal for ever, so that a place in the order stays exact while others come and go.
/// A reader sees one moment: writers put a new snapshot in the place of the old one and never touch it.
/// </summary>
internal sealed class SeatTable
{
    private const int MostViews = 32;

    private volatile TableMoment _moment = new([]);

    /// <summary>By ordinal, deleted ones included.</summary>
    public IReadOnlyList<SeatRow> Rows => _moment.Rows;

    public void Load(SeatRow[] rows) => _moment = new TableMoment(rows);

    /// <summary>Changes and adds rows in one step; called by one writer at a time.</summary>
    public void Put(IReadOnlyCollection<(int Ordinal, SeatRow Row)> changed)
    {
        var old = _moment.Rows;
        var rows = new SeatRow[Math.Max(old.Length, changed.Max(static change => change.Ordinal) + 1)];
        old.CopyTo(rows, 0);
        foreach (var (ordinal, row) in changed)
            rows[ordinal] = row;
        _moment = new TableMoment(rows);
    }

    public SeatView View(SiretQuery query) => _moment.View(query);

    private sealed class TableMoment(SeatRow[] rows)
    {
        private readonly ConcurrentDictionary<string, SeatView> _views = new(StringComparer.Ordinal);

        public SeatRow[] Rows => rows;

        public SeatView View(SiretQuery query)
        {
            // Ranges of time differ from run to run; views must not pile up.
            if (_views.Count >= MostViews)
                _views.Clear();
            return _views.GetOrAdd(query.Text, static (_, wanted) => Make(wanted.rows, wanted.query), (rows, query));
        }

        private static SeatView Make(SeatRow[] rows, SiretQuery query)
        {
            var kept = new List<int>();
            for (var ordinal = 0; ordinal < rows.Length; ordinal++)
            {
                if (!rows[ordinal].IsDeleted && query.Keeps(ordinal, rows[ordinal]))
                    kept.Add(ordinal);
            }

            return new SeatView(rows, [.. kept]);
        }
    }
}
