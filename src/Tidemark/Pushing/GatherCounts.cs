namespace Tidemark.Pushing;

/// <summary>Counts what a <see cref="Gatherer"/> does. Safe for any number of tasks.</summary>
internal sealed class GatherCounts
{
    private long _posts;
    private long _records;
    private long _transactions;
    private long _retries;
    private long _full;

    public GathererStatistics Statistics =>
        new(Interlocked.Read(ref _posts), Interlocked.Read(ref _records), Interlocked.Read(ref _transactions), Interlocked.Read(ref _retries), Interlocked.Read(ref _full));

    public void AddWritten(IEnumerable<PostAnswer> answers)
    {
        foreach (var answer in answers)
        {
            if (answer.Status != PostStatus.Written) continue;
            Interlocked.Increment(ref _posts);
            Interlocked.Add(ref _records, answer.Received);
        }
    }

    public void AddTransaction() => Interlocked.Increment(ref _transactions);

    public void AddRetry() => Interlocked.Increment(ref _retries);

    public void AddFull() => Interlocked.Increment(ref _full);
}
