using System.Globalization;
using Tidemark.Lookups.Keeping;

namespace Tidemark.Tests.Lookups;

public sealed class AnswerMemoryTests
{
    [Fact]
    public void Million_distinct_keys_take_no_more_than_the_bound()
    {
        const long Bound = 1 << 20;
        var memory = new AnswerMemory(Bound);
        var most = 0L;
        for (var i = 0; i < 1_000_000; i++)
        {
            memory.Add(Entry(i.ToString(CultureInfo.InvariantCulture), 100));
            most = Math.Max(most, memory.Bytes);
        }
        most.ShouldBeLessThanOrEqualTo(Bound);
        memory.Bytes.ShouldBeGreaterThan(Bound / 2);
        memory.Count.ShouldBeInRange(1000, 3000);
    }

    [Fact]
    public void What_is_used_stays_while_what_was_asked_for_once_goes()
    {
        var memory = new AnswerMemory(100_000);
        memory.Add(Entry("hot", 100));
        for (var i = 0; i < 10_000; i++)
        {
            memory.Find("hot").ShouldNotBeNull();
            memory.Add(Entry($"once {i}", 100));
        }
    }

    [Fact]
    public void Answer_that_is_replaced_over_and_over_takes_no_more_room()
    {
        var memory = new AnswerMemory(1 << 20);
        for (var i = 0; i < 100_000; i++) memory.Add(Entry("a", i % 1000));
        (memory.Count, memory.Bytes).ShouldBe((1, Entry("a", 999).Size));
    }

    [Fact]
    public void Answer_larger_than_the_memory_is_not_taken_in()
    {
        var memory = new AnswerMemory(10_000);
        memory.Add(Entry("small", 10));
        memory.Add(Entry("large", 10_000));
        (memory.Find("small") is null, memory.Find("large") is null).ShouldBe((false, true));
    }

    private static KeptEntry Entry(string key, int bytes) => new(key, new byte[bytes]) { CreatedAt = DateTimeOffset.UnixEpoch, ExpiresAt = DateTimeOffset.UnixEpoch };
}
