using System.Text;
using Tidemark.Conformance.Sequences;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.Conformance.Sharing;

/// <summary>Does a sequence through a shared writer and to the naive destination; compares counts at each call, rows after each end of a transaction.</summary>
/// <remarks>Where what is merged stays although it was never committed, what was abandoned is done again, and is for the naive destination what came twice.</remarks>
internal sealed class SharedSequenceRunner(Harness harness, StreamTarget target)
{
    private readonly NaiveDestination _naive = new(target, keepsNull: !harness.SpeaksSql);
    private readonly List<List<string>> _written = [];
    private ISharedWriter? _writer;
    private ISharedTransaction? _transaction;

    public async Task RunAsync(Sequence sequence)
    {
        _writer = await OpenAsync();
        try
        {
            foreach (var step in sequence.Steps) await DoAsync(step);
            await CommitAsync();
        }
        finally
        {
            if (_transaction is not null) await _transaction.DisposeAsync();
            await _writer.DisposeAsync();
        }
    }

    private bool StaysWhenAbandoned => !harness.IsTransactional && target.Disposition == WriteDisposition.Merge;

    private Task<ISharedWriter> OpenAsync() => harness.Destination.OpenSharedAsync([target], new SharedOptions(), default);

    private async Task DoAsync(Step step)
    {
        switch (step.Kind)
        {
            case StepKind.Write:
                await WriteAsync(_naive.WithoutRiddles(step.Records));
                break;
            case StepKind.Commit:
                await CommitAsync();
                break;
            case StepKind.Abandon:
                await AbandonAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.Reopen or StepKind.TakeOver:
                await AbandonAsync();
                await _writer!.DisposeAsync();
                _writer = await OpenAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.Cut:
                await AbandonAsync();
                await harness.CutAsync();
                await RepeatLeftAsync();
                break;
            case StepKind.AddColumn or StepKind.DropColumn or StepKind.DropTable when _transaction is null && harness.SpeaksSql:
                await AlterAsync(step);
                break;
        }
    }

    private async Task WriteAsync(List<string> records)
    {
        _written.Add(records);
        try
        {
            await WriteOnceAsync(records);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            // The whole transaction again, as the engine does.
            if (_transaction is not null) await _transaction.DisposeAsync();
            _transaction = null;
            _naive.Abandon();
            foreach (var again in _written) await WriteOnceAsync(again);
        }
    }

    private async Task WriteOnceAsync(List<string> records)
    {
        using var batch = new RecordBatch(target.Schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        TableRecords[] parts = [new(0, batch)];
        if (_transaction is null)
        {
            await _writer!.PrepareAsync(parts, default);
            _transaction = await _writer.BeginAsync(SharedLook.Nothing, default);
        }
        var outcomes = (await _transaction.WriteAsync(parts, default))[0];
        long Count(RecordOutcome outcome) => outcomes.Count(o => o.Outcome == outcome);
        var counts = new WriteCounts(
            Count(RecordOutcome.Inserted), Count(RecordOutcome.Updated), Count(RecordOutcome.Unchanged) + Count(RecordOutcome.Duplicate) + Count(RecordOutcome.Older), Count(RecordOutcome.Older));
        var expected = _naive.Write(records);
        expected.Allow(counts).ShouldBeTrue($"{counts}; {expected} of\n{string.Join('\n', records)}");
    }

    private async Task CommitAsync()
    {
        if (_transaction is null) return;
        await _transaction.CommitAsync([], default);
        await _transaction.DisposeAsync();
        _transaction = null;
        _written.Clear();
        _naive.Commit();
        await CompareAsync();
    }

    private async Task AbandonAsync()
    {
        if (_transaction is null) return;
        await _transaction.DisposeAsync();
        _transaction = null;
        if (StaysWhenAbandoned) return;
        _written.Clear();
        _naive.Abandon();
        await CompareAsync();
    }

    private async Task RepeatLeftAsync()
    {
        if (!StaysWhenAbandoned) return;
        foreach (var again in _written) await WriteOnceAsync(again);
    }

    private async Task AlterAsync(Step step)
    {
        var columns = await harness.ColumnsAsync(target.Table);
        var comparison = harness.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        switch (step.Kind)
        {
            case StepKind.AddColumn when columns.Count > 0 && !columns.Any(c => c.Name.StartsWith(step.Field, comparison)):
                await harness.ExecuteAsync($"ALTER TABLE \"{target.Table}\" ADD COLUMN \"{step.Field}\" TEXT");
                break;
            case StepKind.DropColumn when columns.Count > 1 && columns.Any(c => string.Equals(c.Name, step.Field, StringComparison.Ordinal)):
                await harness.ExecuteAsync($"ALTER TABLE \"{target.Table}\" DROP COLUMN \"{step.Field}\"");
                _naive.Committed.Forget(step.Field);
                break;
            case StepKind.DropTable when columns.Count > 0:
                // Who pushes has no whole that would be broken: the table is made anew.
                await harness.ExecuteAsync($"DROP TABLE \"{target.Table}\"");
                _naive.Committed.Table.Clear();
                break;
        }
    }

    private async Task CompareAsync()
    {
        static string Line(Dictionary<string, string> row) => string.Join(" | ", row.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value}"));
        (await harness.ReadAsync(target.Table)).Select(Line).Order(StringComparer.Ordinal).ShouldBe(_naive.Committed.Table.Values.Select(NaiveRows.WithoutNulls).Select(Line).Order(StringComparer.Ordinal));
    }
}
