using Microsoft.Extensions.Logging;
using Tidemark.Destinations;

namespace Tidemark.Lookups.Keeping;

/// <summary>Writes counts, off the way of those who read: by time, by number, and at the end. It also hears whether somebody has emptied the lookup.</summary>
internal sealed partial class CountFlusher : IAsyncDisposable
{
    private readonly LookupDefinition _definition;
    private readonly string _id;
    private readonly ILookupTable _table;
    private readonly ILookupStore _store;
    private readonly HitLedger _ledger;
    private readonly AnswerMemory _memory;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _flushing;
    private TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _emptied;

    public CountFlusher(LookupDefinition definition, string id, ILookupTable table, ILookupStore store, HitLedger ledger, AnswerMemory memory, TimeProvider time, ILogger log)
    {
        (_definition, _id, _table, _store, _ledger, _memory, _time, _log) = (definition, id, table, store, ledger, memory, time, log);
        _flushing = Task.Run(FlushAllAsync, CancellationToken.None);
    }

    /// <summary>Looks whether so much waits that it should be written before its time.</summary>
    public void Look()
    {
        if (_ledger.Waiting >= _definition.FlushCount) Volatile.Read(ref _due).TrySetResult();
    }

    /// <summary>Writes what waits.</summary>
    /// <returns>False if something waits again.</returns>
    public async Task<bool> FlushAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            var (hits, counts) = _ledger.BeginFlush();
            var hitsWritten = await TryAsync(() => hits.Count == 0 ? Task.CompletedTask : _table.AddHitsAsync(hits, CancellationToken.None));
            var countsWritten = counts == default && _memory.Count == 0 && _emptied is not null || await TryAsync(async () => Hear(await _store.AddCountsAsync(_id, counts, CancellationToken.None)));
            _ledger.EndFlush(hitsWritten, countsWritten ? default : counts);
            return hitsWritten && countsWritten;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes what waits for the last time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _flushing;
        await FlushAsync();
        _ended.Dispose();
        _turn.Dispose();
    }

    private async Task FlushAllAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            using var period = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            await Task.WhenAny(Task.Delay(_definition.FlushPeriod, _time, period.Token), _due.Task);
            // The timer is not needed any more.
            await period.CancelAsync();
            Volatile.Write(ref _due, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (!_ended.IsCancellationRequested) await FlushAsync();
        }
    }

    private async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (DestinationException e)
        {
            LogNotWritten(_log, _definition.Name, e.Message);
            return false;
        }
    }

    private void Hear(long emptied)
    {
        if (_emptied is { } before && before != emptied) _memory.Clear();
        _emptied = emptied;
    }
}
