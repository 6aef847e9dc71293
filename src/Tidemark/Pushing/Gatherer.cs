using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Pushing;

/// <summary>
/// Writes the posts of one target. One write is under way at a time; what arrives meanwhile waits, and is written together when that ends: a post neither waits for company nor
/// pays for a transaction of its own. Each is answered for itself.
/// </summary>
/// <remarks>
/// <para>1. A post is queued, or refused at once where too much waits.</para>
/// <para>2. The one task takes all that waits, as much as one transaction may have, and sorts its records into tables.</para>
/// <para>3. In one transaction it looks for keys and references, leaves out what is not to be written, writes the rest, halving where a record is refused, and keeps answers.</para>
/// <para>4. It answers. After an error that may pass it is three attempts; after another one each post is tried alone, so that none pays for its company.</para>
/// </remarks>
public sealed class Gatherer : IPostWriter
{
    private readonly PushTarget _target;
    private readonly GathererOptions _options;
    private readonly TimeProvider _time;
    private readonly PostQueue _queue;
    private readonly SharedCommit _commit;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    // Of the writing task.
    private PostSorter? _sorter;
    private long _purgedAt;
    private int _underWay;

    private long _posts;
    private long _records;
    private long _transactions;
    private long _retries;
    private long _full;

    /// <summary>Begins to take posts; nothing is connected before the first one.</summary>
    /// <param name="destination">The database; it stays open when this ends.</param>
    /// <param name="target">Where posts go.</param>
    /// <param name="options">How much is held.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads waits.</param>
    public Gatherer(IDestination destination, PushTarget target, GathererOptions options, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_target, _options, _time, _queue) = (target, options, time, new PostQueue(options));
        _commit = new SharedCommit(
            destination, [.. target.Routes.Select(r => r.Target)], new SharedOptions(), TemporaryFaults.Retry(time, random, () => Interlocked.Increment(ref _retries), isAwaited: true));
        _purgedAt = time.GetTimestamp();
        // Task.Run, as a database may do its work on the thread that calls.
        _writing = Task.Run(WriteAllAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public int Waiting => _queue.Count + Volatile.Read(ref _underWay);

    /// <summary>What it has done so far.</summary>
    public GathererStatistics Statistics =>
        new(Interlocked.Read(ref _posts), Interlocked.Read(ref _records), Interlocked.Read(ref _transactions), Interlocked.Read(ref _retries), Interlocked.Read(ref _full));

    /// <inheritdoc/>
    public async Task<PostAnswer> WriteAsync(Post post, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(post);
        var waiting = new WaitingPost(post);
        if (_queue.Add(waiting) is { } refused)
        {
            waiting.Dispose();
            if (refused.Status == PostStatus.Full) Interlocked.Increment(ref _full);
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
        await _writing;
        await _commit.DisposeAsync();
        _sorter?.Dispose();
        _arrived.Dispose();
        _stop.Dispose();
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            var posts = _queue.Take();
            if (posts.Count > 0)
            {
                await WriteAsync(posts);
                await PurgeAsync();
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

    private async Task WriteAsync(List<WaitingPost> posts)
    {
        Volatile.Write(ref _underWay, posts.Count);
        try
        {
            await WriteOrApartAsync(posts);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            Complete(posts, p => new PostAnswer(PostStatus.Unavailable) { Received = p.Count, Problem = e.Message, RetryAfter = _options.RetryAfter });
        }
        catch (DestinationException e)
        {
            Complete(posts, p => new PostAnswer(e.Fault == DestinationFault.LeaseLost ? PostStatus.Moved : PostStatus.Failed) { Received = p.Count, Problem = e.Message });
        }
        catch (Exception e)
        {
            // A mistake of ours must not stop all posts to come.
            _queue.Done(posts);
            foreach (var post in posts) post.Fail(e);
        }
        finally
        {
            Volatile.Write(ref _underWay, 0);
        }
    }

    private async Task WriteOrApartAsync(List<WaitingPost> posts)
    {
        try
        {
            await WriteTogetherAsync(posts);
        }
        catch (DestinationException e) when (e.Fault != DestinationFault.Temporary && posts.Count > 1)
        {
            foreach (var post in posts) await WriteAsync([post]);
        }
    }

    private async Task WriteTogetherAsync(List<WaitingPost> posts)
    {
        var writer = await _commit.OpenAsync(CancellationToken.None);
        _sorter ??= new PostSorter(_target, writer.FieldsOf);
        using var gathered = _sorter.Sort(posts);
        var answers = gathered.IsNeeded ? await CommitAsync(gathered) : new PostVerdicts(gathered, _sorter, [], []).Answers();
        Count(answers);
        var next = 0;
        Complete(posts, _ => answers[next++]);
    }

    private async Task<PostAnswer[]> CommitAsync(GatheredPosts gathered)
    {
        // Where references are asked for, what a table has to become is known only then.
        var prepare = gathered.Asked.Count > 0 ? null : PartsOf(gathered.Routes);
        var answers = await _commit.RunAsync(prepare, gathered.Look(), async (transaction, token) =>
        {
            var verdicts = new PostVerdicts(gathered, _sorter!, transaction.Keys, transaction.References);
            var remaining = verdicts.Remaining();
            try
            {
                var parts = PartsOf(remaining);
                var results = parts.Count == 0 ? [] : await Halving.WriteAsync(transaction, parts, token);
                for (var i = 0; i < parts.Count; i++) verdicts.Count(remaining[parts[i].Target], parts[i].Target, results[i]);
                var answers = verdicts.Answers();
                return (answers, Stored(gathered, answers));
            }
            finally
            {
                foreach (var route in remaining.Except(gathered.Routes)) route.Dispose();
            }
        }, CancellationToken.None);
        Interlocked.Increment(ref _transactions);
        return answers;
    }

    private static List<TableRecords> PartsOf(IReadOnlyList<RoutedRecords> routes) =>
        [.. Enumerable.Range(0, routes.Count).Where(i => routes[i].Batch.Count > 0).Select(i => new TableRecords(i, routes[i].Batch))];

    private static IReadOnlyList<StoredAnswer> Stored(GatheredPosts gathered, PostAnswer[] answers) =>
        [.. gathered.Keyed.Where(i => answers[i].Status == PostStatus.Written && gathered.Posts[i].Waiting.Post.Store is not null)
            .Select(i => new StoredAnswer(gathered.Posts[i].Waiting.Post.Key!, gathered.Posts[i].Waiting.Post.Store!(answers[i])))];

    private void Count(PostAnswer[] answers)
    {
        Interlocked.Add(ref _posts, answers.Count(a => a.Status == PostStatus.Written));
        Interlocked.Add(ref _records, answers.Where(a => a.Status == PostStatus.Written).Sum(a => (long)a.Received));
    }

    private void Complete(List<WaitingPost> posts, Func<Post, PostAnswer> answer)
    {
        // First the keys: whoever has the answer may come again at once.
        var answered = posts.Where(p => !p.Answer.IsCompleted).ToList();
        _queue.Done(answered);
        foreach (var post in answered) post.Complete(answer(post.Post));
    }

    private async Task PurgeAsync()
    {
        if (_time.GetElapsedTime(_purgedAt) < _options.PurgeEvery) return;
        _purgedAt = _time.GetTimestamp();
        try
        {
            await (await _commit.OpenAsync(CancellationToken.None)).PurgeAnswersAsync(CancellationToken.None);
        }
        catch (DestinationException)
        {
            // They are deleted another time.
        }
    }
}
