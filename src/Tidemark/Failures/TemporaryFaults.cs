using Polly;
using Polly.Retry;
using Tidemark.Destinations;

namespace Tidemark.Failures;

/// <summary>
/// How often a destination's temporary errors are met with another attempt: three attempts in all, and eleven, over 42 seconds or more, where the database can't be
/// reached: so long a server may take to start again.
/// </summary>
internal static class TemporaryFaults
{
    private const int Retries = 2;
    private const int RetriesWhileUnreachable = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Makes the policy.</summary>
    /// <param name="time">The clock for waits.</param>
    /// <param name="random">Spreads the waits of processes that were cut off at the same moment.</param>
    /// <param name="onRetry">Called before each wait.</param>
    /// <param name="isAwaited">True where somebody waits for the answer and can come again himself: then it is three attempts in all cases.</param>
    public static ResiliencePipeline Retry(TimeProvider time, Random random, Action onRetry, bool isAwaited = false) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = RetriesWhileUnreachable,
            ShouldHandle = a => ValueTask.FromResult(a.Outcome.Exception is DestinationException { Fault: DestinationFault.Temporary } e && ((e.IsUnreachable && !isAwaited) || a.AttemptNumber < Retries)),
            DelayGenerator = a => ValueTask.FromResult<TimeSpan?>(Wait(a.AttemptNumber) * (1 + 0.2 * random.NextDouble())),
            OnRetry = _ =>
            {
                onRetry();
                return default;
            },
        })
        .Build();

    // 1, 2, 4, 5, 5, … seconds.
    private static TimeSpan Wait(int attempt) => attempt > 2 ? LongestWait : TimeSpan.FromSeconds(1 << attempt);
}
