using Tidemark.Destinations;

namespace Tidemark.Pushing;

/// <summary>
/// Writes the posts of one target. One write is under way at a time, or two; what arrives meanwhile waits, and is written together when one ends: a post neither waits for company
/// nor pays for a transaction of its own. Each is answered for itself.
/// </summary>
/// <remarks>A post is queued, or refused at once where too much waits. What becomes of it then: <see cref="GatherWriter"/>.</remarks>
public sealed class Gatherer : IPostWriter
{
    private readonly PostQueue _queue;
    private readonly GatherWriter[] _writers;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _writing;
    private readonly GatherCounts _counts = new();

    /// <summary>Begins to take posts; nothing is connected before the first one.</summary>
    /// <param name="destination">The database; it stays open when this ends.</param>
    /// <param name="target">Where posts go.</param>
    /// <param name="options">How much is held.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads waits.</param>
    public Gatherer(IDestination destination, PushTarget target, GathererOptions options, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        _queue = new PostQueue(options);
        _writers = [.. Enumerable.Range(0, options.Writers ?? destination.UsefulSharedWriters).Select(_ => new GatherWriter(destination, target, options, _queue, _counts, time, new Random(random.Next())))];
        // Task.Run, as a database may do its work on the thread that calls.
        _writing = Array.ConvertAll(_writers, w => Task.Run(() => WriteAllAsync(w), CancellationToken.None));
    }

    /// <inheritdoc/>
    public int Waiting => _queue.Count + _writers.Sum(w => w.UnderWay);

    /// <summary>What it has done so far.</summary>
    public GathererStatistics Statistics => _counts.Statistics;

    /// <inheritdoc/>
    public async Task<PostAnswer> WriteAsync(Post post, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(post);
        var waiting = new WaitingPost(post);
        if (_queue.Add(waiting) is { } refused)
        {
            waiting.Dispose();
            if (refused.Status == PostStatus.Full) _counts.AddFull();
            return refused;
        }
        _arrived.Release();
        try
        {
            return await waiting.Answer.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _queue.GiveUp(waiting);
            throw;
        }
    }

    /// <summary>Takes no more posts, writes those that wait, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _stop.CancelAsync();
        await Task.WhenAll(_writing);
        foreach (var writer in _writers) await writer.DisposeAsync();
        _arrived.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAllAsync(GatherWriter writer)
    {
        while (true)
        {
            var posts = _queue.Take();
            if (posts.Count > 0)
            {
                await writer.WriteAsync(posts);
                continue;
            }
            try
            {
                await _arrived.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                if (_queue.Count == 0) return;
            }
        }
    }
}
