using Polly;
using Polly.Retry;
using Tidemark.Checkpoints;
using Tidemark.Destinations;

namespace Tidemark.Runs;

/// <summary>
/// One transaction after the other of a stream, each tried again while the error may pass: three attempts in all. Before an attempt is repeated the batch number is read: if it
/// has moved, the answer to the commit was lost, and the batch is there.
/// </summary>
internal sealed class CommitRetry
{
    private readonly IStreamWriter _writer;
    private readonly ResiliencePipeline _retry;

    /// <param name="writer">The stream.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="random">For jitter.</param>
    /// <param name="retried">Called before each repeated attempt.</param>
    public CommitRetry(IStreamWriter writer, TimeProvider time, Random random, Action retried)
    {
        _writer = writer;
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromSeconds(1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = random.NextDouble,
                ShouldHandle = new PredicateBuilder().Handle<DestinationException>(e => e.Fault == DestinationFault.Temporary),
                OnRetry = _ =>
                {
                    retried();
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Does some work in a transaction and commits it.</summary>
    /// <param name="work">The work, from the beginning each time; it answers the checkpoint to commit as well.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What the work that is on disk now has answered.</returns>
    public async Task<(T Result, Checkpoint Checkpoint)> RunAsync<T>(Func<IBatchTransaction, CancellationToken, Task<(T, Checkpoint)>> work, CancellationToken cancellationToken)
    {
        (T, Checkpoint Checkpoint)? attempted = null;
        return await _retry.ExecuteAsync(async token =>
        {
            // A result from an attempt before: its commit may have gone through.
            if (attempted is { } before && await _writer.ReadBatchNumberAsync(token) >= before.Checkpoint.BatchNumber) return before;
            attempted = null;
            await using var transaction = await _writer.BeginAsync(token);
            var (result, checkpoint) = await work(transaction, token);
            attempted = (result, checkpoint);
            await transaction.CommitAsync(checkpoint, token);
            return (result, checkpoint);
        }, cancellationToken);
    }
}
