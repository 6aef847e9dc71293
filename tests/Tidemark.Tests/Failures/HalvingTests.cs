using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.Records;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Failures;

public class HalvingTests
{
    [Fact]
    public async Task Batch_without_a_bad_record_is_written_at_once()
    {
        var (transaction, result) = await WriteAsync(100, []);
        transaction.Attempts.ShouldBe([(0, 100)]);
        result.Counts.ShouldBe(new WriteCounts(100, 0, 0));
        result.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Empty_batch_is_not_written()
    {
        var (transaction, result) = await WriteAsync(0, []);
        transaction.Attempts.ShouldBeEmpty();
        result.Counts.ShouldBe(default);
    }

    [Fact]
    public async Task Batch_of_bad_records_only_is_refused_record_by_record()
    {
        var (transaction, result) = await WriteAsync(5, [0, 1, 2, 3, 4]);
        transaction.Rows.ShouldBeEmpty();
        result.Refused.Select(r => r.Row).ShouldBe([0, 1, 2, 3, 4]);
        result.Refused[3].Reason.ShouldBe("""refused {"id":3}""");
    }

    [Theory]
    [InlineData(DestinationFault.Temporary)]
    [InlineData(DestinationFault.Fatal)]
    [InlineData(DestinationFault.Guard)]
    [InlineData(DestinationFault.LeaseLost)]
    public async Task Error_that_is_no_records_fault_goes_up(DestinationFault fault)
    {
        var faults = new Faults();
        faults.Plan(Step.Write, null, fault);
        using var batch = Batch(4);
        var transaction = new FakeTransaction(r => r.Contains('3', StringComparison.Ordinal), faults);
        (await Should.ThrowAsync<DestinationException>(() => Halving.WriteAsync(transaction, batch, default))).Fault.ShouldBe(fault);
    }

    [Fact]
    public void Exactly_the_guilty_records_are_refused_in_few_attempts() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll<PositiveInt, int[]>((size, marks) =>
        {
            var count = size.Get * 7 % 1000;
            var bad = marks.Where(_ => count > 0).Select(m => (int)((uint)m % (uint)count)).ToHashSet();
            var (transaction, result) = WriteAsync(count, bad).GetAwaiter().GetResult();
            result.Refused.Select(r => r.Row).ShouldBe(bad.Order());
            result.Counts.ShouldBe(new WriteCounts(count - bad.Count, 0, 0));
            // The order of records is kept: of two with one key, the last one counts.
            transaction.Rows.ShouldBe(Enumerable.Range(0, count).Where(i => !bad.Contains(i)).Select(Record));
            transaction.Attempts.Count.ShouldBeLessThanOrEqualTo((2 * bad.Count * (int)Math.Ceiling(Math.Log2(Math.Max(1, count)))) + 1);
            return true;
        }));

    private static async Task<(FakeTransaction Transaction, HalvingResult Result)> WriteAsync(int count, HashSet<int> bad)
    {
        using var batch = Batch(count);
        var refused = bad.Select(Record).ToHashSet(StringComparer.Ordinal);
        var transaction = new FakeTransaction(refused.Contains);
        return (transaction, await Halving.WriteAsync(transaction, batch, default));
    }

    private static string Record(int id) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id}}}");

    private static RecordBatch Batch(int count)
    {
        var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < count; i++) batch.Add(Encoding.UTF8.GetBytes(Record(i))).ShouldBeNull();
        return batch;
    }
}
