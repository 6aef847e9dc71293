using Tidemark.Destinations;
using Tidemark.Lookups.Keeping;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Lookups;

public sealed class RowFinderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Two_queries_are_under_way_and_all_that_is_asked_meanwhile_goes_with_the_next()
    {
        await using var table = new Table();
        var finder = new RowFinder(table, new HitLedger(), Limit, _time);
        var first = finder.FindAsync(["a"]);
        await table.UntilAsync(1);
        var second = finder.FindAsync(["b"]);
        await table.UntilAsync(2);
        var others = Enumerable.Range(0, 50).Select(i => finder.FindAsync([$"k{i}", "a"])).ToList();
        table.Asked.Count.ShouldBe(2);
        table.Answer();
        var found = await Task.WhenAll(others.Prepend(second).Prepend(first));
        table.Asked.Count.ShouldBeInRange(3, 4);
        found[0].Keys.ShouldBe(["a"]);
        found.Skip(2).Select((f, i) => f.Keys.Order(StringComparer.Ordinal).SequenceEqual(["a", $"k{i}"], StringComparer.Ordinal)).ShouldAllBe(right => right);
    }

    [Fact]
    [Trait("guarantee", "G165")]
    public async Task Database_that_says_nothing_is_given_up()
    {
        await using var table = new Table();
        var finder = new RowFinder(table, new HitLedger(), Limit, _time);
        var waiting = finder.FindAsync(["a"]);
        await table.UntilAsync(1);
        _time.Advance(Limit);
        var e = await Should.ThrowAsync<DestinationException>(waiting);
        (e.Fault, e.IsUnreachable, e.Message).ShouldBe((DestinationFault.Temporary, true, "the database has not answered within 30s (timeout)"));
        // The next one asks anew.
        var next = finder.FindAsync(["b"]);
        table.Answer();
        (await next).Keys.ShouldBe(["b"]);
    }

    private sealed class Table : ILookupTable
    {
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<IReadOnlyCollection<string>> Asked { get; } = [];

        public void Answer() => _answer.SetResult();

        public async Task UntilAsync(int queries)
        {
            while (Queries() < queries) await Task.Yield();
        }

        public async Task<IReadOnlyList<KeptRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
        {
            lock (Asked) Asked.Add(keys);
            await _answer.Task.WaitAsync(cancellationToken);
            return [.. keys.Select(k => new KeptRow(k, "1"u8.ToArray(), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 0))];
        }

        public Task AddHitsAsync(IReadOnlyDictionary<string, long> hits, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> DeleteAsync(DateTimeOffset? expiredBefore, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<KeptFigures> SummarizeAsync(DateTimeOffset now, DateTimeOffset overdueBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<string, long>> CountByAsync(string table, string column, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private int Queries()
        {
            lock (Asked) return Asked.Count;
        }
    }
}
