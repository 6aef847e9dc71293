using Polly;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Runs;

/// <summary>
/// The transactions of a stream, one after the other, each tried again as often as <see cref="TemporaryFaults"/> says. Before an attempt is repeated the batch number is read: if it
/// has moved, the answer to the commit was lost, and the batch is there.
/// </summary>
/// <param name="writer">The stream.</param>
/// <param name="retry">The policy.</param>
internal sealed class CommitRetry(IStreamWriter writer, ResiliencePipeline retry)
{
    /// <summary>Does some work in a transaction and commits it.</summary>
    /// <param name="work">The work, from the beginning each time; it answers the checkpoint to commit as well.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What the work that is on disk now has answered.</returns>
    public async Task<(T Result, Checkpoint Checkpoint)> RunAsync<T>(Func<IBatchTransaction, CancellationToken, Task<(T, Checkpoint)>> work, CancellationToken cancellationToken)
    {
        (T, Checkpoint Checkpoint)? attempted = null;
        return await retry.ExecuteAsync(async token =>
        {
            // A result from an attempt before: its commit may have gone through.
            if (attempted is { } before && await writer.ReadBatchNumberAsync(token) >= before.Checkpoint.BatchNumber) return before;
            attempted = null;
            await using var transaction = await writer.BeginAsync(token);
            var (result, checkpoint) = await work(transaction, token);
            attempted = (result, checkpoint);
            await transaction.CommitAsync(checkpoint, token);
            return (result, checkpoint);
        }, cancellationToken);
    }
}
