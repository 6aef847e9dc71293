using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Runs;

/// <summary>The lease of a stream whose slices are written under leases of their own: keeps it, and commits the stream's own checkpoint. Safe for several tasks.</summary>
/// <param name="context">The stream.</param>
/// <param name="writer">Its writer, which is for one at a time; whoever opened it gives the lease back.</param>
internal sealed class ImportLease(StreamContext context, IStreamWriter writer) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>The checkpoint that is on disk.</summary>
    public Checkpoint Checkpoint { get; private set; } = writer.Checkpoint;

    /// <summary>Commits a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint, but for its batch number.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">It could not be committed, or somebody else has the lease.</exception>
    public Task CommitAsync(Checkpoint checkpoint, CancellationToken cancellationToken) => AloneAsync(async () =>
    {
        var next = checkpoint with { BatchNumber = Checkpoint.BatchNumber + 1 };
        var retry = new CommitRetry(writer, TemporaryFaults.Retry(context.Time, context.Random, context.Counters.RetryWrite));
        (_, Checkpoint) = await retry.RunAsync((_, _) => Task.FromResult((true, next)), cancellationToken);
    }, cancellationToken);

    /// <summary>Renews the lease while some work goes on.</summary>
    /// <param name="work">The work; its token ends it when the lease is lost, too.</param>
    /// <param name="lost">Is told, before that, why.</param>
    /// <param name="stopping">Ends the work.</param>
    public async Task WhileAsync(Func<CancellationToken, Task> work, Action<DestinationException> lost, CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = KeepAsync(ends, lost);
        try
        {
            await work(ends.Token);
        }
        finally
        {
            await ends.CancelAsync();
            await keeping;
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task KeepAsync(CancellationTokenSource ends, Action<DestinationException> lost)
    {
        try
        {
            while (true)
            {
                await Task.Delay(writer.RenewEvery, context.Time, ends.Token);
                try
                {
                    await AloneAsync(() => writer.RenewAsync(ends.Token), ends.Token);
                }
                catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
                {
                    // The slices meet it too, and know how often to try.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (DestinationException e)
        {
            lost(e);
            await ends.CancelAsync();
        }
    }

    private async Task AloneAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            _gate.Release();
        }
    }
}
