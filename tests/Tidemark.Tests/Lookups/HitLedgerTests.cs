using Tidemark.Lookups.Keeping;

namespace Tidemark.Tests.Lookups;

public sealed class HitLedgerTests
{
    private readonly HitLedger _ledger = new();

    [Fact]
    [Trait("guarantee", "G161")]
    public async Task Entries_of_one_key_that_were_read_one_after_the_other_count_together()
    {
        var first = await ReadAsync(5);
        var second = await ReadAsync(5);
        Hit(first).ShouldBe(6);
        Hit(second).ShouldBe(7);
        Flush(written: true).ShouldBe(2);
        // One that was read before counts on.
        Hit(first).ShouldBe(8);
        Flush(written: false).ShouldBe(1);
        Hit(second).ShouldBe(9);
        var third = await ReadAsync(7);
        third.Hits.ShouldBe(9);
        Flush(written: true).ShouldBe(2);
    }

    [Fact]
    public async Task Row_that_is_new_begins_at_nothing_whatever_one_that_is_gone_had()
    {
        Hit(await ReadAsync(100)).ShouldBe(101);
        Flush(written: true).ShouldBe(1);
        _ledger.Restart("a");
        Hit(Entry()).ShouldBe(1);
        _ledger.Restart("a");
        // What waits will be added to the new row.
        Hit(Entry()).ShouldBe(2);
    }

    [Fact]
    public async Task Who_read_while_counts_were_written_reads_again()
    {
        Hit(await ReadAsync(0)).ShouldBe(1);
        var generation = await _ledger.QuietAsync(["a"]);
        _ledger.BeginFlush();
        _ledger.TryBegin(Entry(), 0, generation).ShouldBeFalse();
        var quiet = _ledger.QuietAsync(["a"]);
        quiet.IsCompleted.ShouldBeFalse();
        _ledger.QuietAsync(["b"]).IsCompleted.ShouldBeTrue();
        _ledger.EndFlush(hitsWritten: true, default);
        var entry = Entry();
        _ledger.TryBegin(entry, 1, await quiet).ShouldBeTrue();
        entry.Hits.ShouldBe(1);
    }

    private static KeptEntry Entry() => new("a", "1"u8.ToArray()) { CreatedAt = default, ExpiresAt = default };

    private async Task<KeptEntry> ReadAsync(long written)
    {
        var entry = Entry();
        _ledger.TryBegin(entry, written, await _ledger.QuietAsync(["a"])).ShouldBeTrue();
        return entry;
    }

    private long Hit(KeptEntry entry) => _ledger.Hit(entry, stale: false, saved: 1);

    private long Flush(bool written)
    {
        var (hits, counts) = _ledger.BeginFlush();
        _ledger.EndFlush(written, written ? default : counts);
        return hits.GetValueOrDefault("a");
    }
}
