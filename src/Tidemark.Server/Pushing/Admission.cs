using Tidemark.Server.Answers;
using Tidemark.Serving;

namespace Tidemark.Server.Pushing;

/// <summary>
/// How much of posts is held at once, over all callers: bytes that are being read or written, and records that wait to be written. Whoever begins when there is no room is told to come again; whoever
/// has begun waits, and does not read on meanwhile.
/// </summary>
internal sealed class Admission(ServerDefinition limits)
{
    /// <summary>When a caller who was refused may come again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long _bytes;
    private long _records;
    private TaskCompletionSource _released = NewSignal();

    /// <summary>Bytes that are held.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    /// <summary>Makes room for a part that is about to be read.</summary>
    /// <param name="bytes">How much it takes, as far as it is known.</param>
    /// <param name="isFirst">True for the first part of a post, which is refused rather than kept waiting.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProblemException">There is no room (429).</exception>
    public async Task<Held> EnterAsync(long bytes, bool isFirst, CancellationToken cancellationToken)
    {
        var held = new Held(this);
        // A part always finds room where nothing else is.
        while (!Try(() => _bytes == 0 || _bytes + bytes <= limits.MaxWaitingSize, () => _bytes += held.Bytes = bytes, out var released))
        {
            if (isFirst) throw Full($"{limits.MaxWaitingSize >> 20} MiB of posts are being read or written already");
            await released.WaitAsync(cancellationToken);
        }
        return held;
    }

    private async Task AddRecordsAsync(Held held, int records, bool isFirst, CancellationToken cancellationToken)
    {
        while (!Try(() => _records == 0 || _records + records <= limits.MaxWaitingRecords, () => _records += held.Records = records, out var released))
        {
            if (isFirst) throw Full($"{limits.MaxWaitingRecords} records wait to be written already");
            await released.WaitAsync(cancellationToken);
        }
    }

    private bool Try(Func<bool> hasRoom, Action take, out Task released)
    {
        lock (_lock)
        {
            released = _released.Task;
            if (!hasRoom()) return false;
            take();
            return true;
        }
    }

    private void Change(Held held, long bytes)
    {
        lock (_lock)
        {
            _bytes += bytes - held.Bytes;
            held.Bytes = bytes;
        }
    }

    private void Leave(Held held)
    {
        lock (_lock)
        {
            _bytes -= held.Bytes;
            _records -= held.Records;
            (held.Bytes, held.Records) = (0, 0);
            _released.SetResult();
            _released = NewSignal();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ProblemException Full(string why) => new(new Problem(StatusCodes.Status429TooManyRequests, "too_much", $"{why}: nothing of this post was taken, come again") { RetryAfter = Again });

    /// <summary>The room of one part; dispose gives it back.</summary>
    internal sealed class Held(Admission admission) : IDisposable
    {
        public long Bytes { get; set; }

        public int Records { get; set; }

        /// <summary>Says what the part really takes, and asks for its records to wait.</summary>
        public Task SetAsync(long bytes, int records, bool isFirst, CancellationToken cancellationToken)
        {
            admission.Change(this, bytes);
            return admission.AddRecordsAsync(this, records, isFirst, cancellationToken);
        }

        public void Dispose() => admission.Leave(this);
    }
}
