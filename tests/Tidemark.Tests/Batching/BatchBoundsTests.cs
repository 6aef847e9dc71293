using Tidemark.Batching;
using Tidemark.Records;

namespace Tidemark.Tests.Batching;

public class BatchBoundsTests
{
    private static readonly BatchBounds Bounds = new(new BatchDefinition { Count = 3, ByteSize = 20, Period = TimeSpan.FromSeconds(5) });

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Batch_is_full_at_its_count(int count, bool expected)
    {
        using var batch = Batch(count, "{}");
        Bounds.IsFull(batch, isBusy: false).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData(5000, true, true)]
    public void Batch_fills_beyond_the_default_count_only_while_it_would_wait(int? count, bool isBusy, bool expected)
    {
        using var batch = Batch(BatchDefinition.DefaultCount, "{}");
        new BatchBounds(new BatchDefinition { Count = count }).IsFull(batch, isBusy).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"a":"12345678901"}""", false)]
    [InlineData("""{"a":"123456789012"}""", true)]
    public void Batch_is_full_at_its_size(string record, bool expected)
    {
        using var batch = Batch(1, record);
        Bounds.IsFull(batch, isBusy: false).ShouldBe(expected);
    }

    [Fact]
    public void Record_that_would_go_beyond_the_size_begins_a_new_batch()
    {
        using var batch = Batch(1, """{"a":12}""");
        Bounds.WouldOverflow(batch, 12, isBusy: false).ShouldBeFalse();
        Bounds.WouldOverflow(batch, 13, isBusy: false).ShouldBeTrue();
    }

    [Fact]
    public void Batch_without_records_takes_any_record()
    {
        using var batch = Batch(0, "");
        Bounds.WouldOverflow(batch, 1_000_000, isBusy: false).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(4, 1)]
    [InlineData(5, 0)]
    [InlineData(60, 0)]
    public void Remaining_is_what_is_left_of_the_period(int age, int left) => Bounds.Remaining(TimeSpan.FromSeconds(age)).ShouldBe(TimeSpan.FromSeconds(left));

    private static RecordBatch Batch(int count, string record)
    {
        var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < count; i++) batch.Add(System.Text.Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }
}
