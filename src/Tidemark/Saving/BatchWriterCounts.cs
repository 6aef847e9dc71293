using Tidemark.Destinations;

namespace Tidemark.Saving;

/// <summary>Counts what a batch writer does. Guarded by the writer's lock, retries excepted.</summary>
internal sealed class BatchWriterCounts(TimeProvider time)
{
    private readonly long[] _outcomes = new long[Enum.GetValues<RecordOutcome>().Length];
    private readonly RateMeter _rate = new(time);
    private long _retries;

    public long Added { get; set; }

    public long Rejected { get; private set; }

    public long Failed { get; private set; }

    public long Batches { get; private set; }

    public void AddRetry() => Interlocked.Increment(ref _retries);

    public void AddFailed(int items) => Failed += items;

    public void AddWritten(WrittenRecord[] outcomes, IReadOnlyDictionary<int, string> rejected)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (rejected.Count == 0 || !rejected.ContainsKey(i)) _outcomes[(int)outcomes[i].Outcome]++;
        }
        Rejected += rejected.Count;
        Batches++;
        _rate.Add(outcomes.Length - rejected.Count);
    }

    public BatchWriterStatistics Statistics(TimeSpan oldestAge)
    {
        var durable = _outcomes.Sum();
        return new BatchWriterStatistics
        {
            Added = Added,
            Inserted = Of(RecordOutcome.Inserted),
            Updated = Of(RecordOutcome.Updated),
            Unchanged = Of(RecordOutcome.Unchanged) + Of(RecordOutcome.Older),
            Duplicates = Of(RecordOutcome.Duplicate),
            Rejected = Rejected,
            Failed = Failed,
            Batches = Batches,
            Retries = Interlocked.Read(ref _retries),
            Waiting = Added - durable - Rejected - Failed,
            OldestAge = oldestAge,
            ItemsPerSecond = _rate.PerSecond(),
        };
    }

    private long Of(RecordOutcome outcome) => _outcomes[(int)outcome];
}
