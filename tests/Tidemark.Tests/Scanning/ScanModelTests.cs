using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Scanning;

namespace Tidemark.Tests.Scanning;

/// <summary>
/// Generated histories against a naive model: a source whose cursor moves at each update, read by keyset (asc, desc) or by a stable cursor (none), while records are inserted and
/// updated between pages, and runs crash before or after a commit. In the end the mirror equals the source.
/// </summary>
public class ScanModelTests
{
    private const int HistoriesEach = 2000;

    [Theory]
    [InlineData(RowOrder.None, CursorFormat.Iso8601)]
    [InlineData(RowOrder.None, CursorFormat.Integer)]
    [InlineData(RowOrder.Asc, CursorFormat.Iso8601)]
    [InlineData(RowOrder.Asc, CursorFormat.Integer)]
    [InlineData(RowOrder.Desc, CursorFormat.Iso8601)]
    [InlineData(RowOrder.Desc, CursorFormat.Integer)]
    public void Mirror_after_any_history_equals_the_source(RowOrder order, CursorFormat format) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(HistoriesEach).WithEndSize(120), Prop.ForAll<byte[]>(script => new History(order, format, script ?? []).Runs()));

    [Theory]
    [InlineData(RowOrder.None)]
    [InlineData(RowOrder.Desc)]
    public void Second_run_of_an_unchanged_source_takes_nothing_anew(RowOrder order) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll<byte[]>(script =>
        {
            var history = new History(order, CursorFormat.Iso8601, script ?? []);
            history.Runs();
            return history.RunToEnd() == 0;
        }));

    private sealed class History(RowOrder order, CursorFormat format, byte[] script)
    {
        private readonly SortedDictionary<int, long> _source = [];
        private readonly Dictionary<int, long> _mirror = [];
        private int _next;
        private long _clock = 1_750_000_000_000;

        private readonly List<string> _story = [];

        // The checkpoint.
        private string? _watermark, _boundary, _state, _startWatermark, _startBoundary;
        private (long Cursor, int Id)? _position;
        private bool _unfinished;

        public bool Runs()
        {
            for (var i = Choose(12); i >= 0; i--) Mutate(insert: true);
            for (var run = Choose(5); run >= 0; run--)
            {
                Run(disturbed: true);
                for (var i = Choose(4); i > 0; i--) Mutate(Choose(2) == 0);
            }
            RunToEnd();
            RunToEnd();
            // The history in words, so that a failure tells the story.
            var lost = _source.Where(r => !_mirror.TryGetValue(r.Key, out var version) || version != r.Value).Select(r => $"record {r.Key} at {r.Value} is lost").ToList();
            return lost.Count == 0 ? true : throw new InvalidOperationException(string.Join('\n', [.. _story, .. lost]));
        }

        /// <summary>Runs until a scan is complete, undisturbed; how many records it took.</summary>
        public int RunToEnd()
        {
            var taken = 0;
            do taken += Run(disturbed: false);
            while (_unfinished);
            return taken;
        }

        private int Choose(int below) => _next < script.Length ? script[_next++] % below : 0;

        private void Mutate(bool insert)
        {
            // Times may repeat within an instant, numbers of a sequence do not.
            _clock += Choose(3) == 0 && format != CursorFormat.Integer ? 0 : 1 + Choose(5000);
            var id = insert || _source.Count == 0 ? _source.Count : Choose(_source.Count);
            // The cursor moves at each update: an update in the same instant gets the next one.
            _story.Add($"mutate {id} clock {_clock}");
            _source[id] = _source.TryGetValue(id, out var before) && before >= _clock ? ++_clock : _clock;
        }

        private int Run(bool disturbed)
        {
            var (watermark, boundary) = _unfinished ? (_startWatermark, _startBoundary) : (_watermark, _boundary);
            var plan = new ScanPlan
            {
                Incremental = new IncrementalDefinition { CursorField = "at", RowOrder = order, CursorFormat = format },
                Watermark = watermark,
                Boundary = boundary,
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(_clock),
            };
            var scan = new Scan(plan, _unfinished ? ScanState.FromJson(_state!) : null);
            if (!_unfinished) (_position, _startWatermark, _startBoundary) = (null, watermark, boundary);
            var taken = 0;
            while (true)
            {
                if (disturbed && Choose(6) == 5) return Killed(taken); // Before the page was committed.
                var size = 1 + Choose(4);
                var page = Page(size);
                _story.Add($"page [{string.Join(' ', page.Select(r => $"{r.Id}@{r.Cursor}"))}] clock {_clock} unfinished {_unfinished} W {_watermark}");
                var decision = scan.Decide([.. page.Select(r => Text(r.Cursor))], i => Hash(page[i]), DateTimeOffset.FromUnixTimeMilliseconds(_clock));
                for (var i = 0; i < page.Count; i++)
                {
                    if (decision.Decisions[i] != Decision.Take) continue;
                    taken++;
                    if (!_mirror.TryGetValue(page[i].Id, out var stored) || stored <= page[i].Cursor) _mirror[page[i].Id] = page[i].Cursor;
                }
                if (page.Count < size || decision.Stopped)
                {
                    (_watermark, _boundary, _unfinished) = (decision.State.Watermark ?? _watermark, decision.State.Boundary, false);
                    return taken;
                }
                _position = page[^1];
                (_state, _unfinished) = (decision.State.ToJson(), true);
                if (order == RowOrder.Asc && !decision.State.OrderBroken && decision.State.Watermark is { } moved) (_watermark, _boundary) = (moved, decision.State.Boundary);
                if (disturbed && Choose(6) == 5) return Killed(taken); // After it.
                if (disturbed && Choose(3) == 1) Mutate(Choose(2) == 0);
            }
        }

        private int Killed(int taken)
        {
            _story.Add("killed");
            return taken;
        }

        private List<(long Cursor, int Id)> Page(int size)
        {
            var all = _source.Select(r => (Cursor: r.Value, Id: r.Key));
            return [.. (order switch
            {
                RowOrder.Asc => all.Order().Where(r => _position is not { } at || r.CompareTo(at) > 0),
                RowOrder.Desc => all.OrderDescending().Where(r => _position is not { } at || r.CompareTo(at) < 0),
                _ => all.Where(r => _position is not { } at || r.Id > at.Id),
            }).Take(size)];
        }

        private string Text(long cursor) => format == CursorFormat.Integer
            ? cursor.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeMilliseconds(cursor).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

        private static UInt128 Hash((long Cursor, int Id) record) => new((ulong)record.Cursor, (ulong)record.Id);
    }
}
