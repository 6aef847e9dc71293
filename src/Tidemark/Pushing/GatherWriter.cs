using Tidemark.Destinations;
using Tidemark.Failures;

namespace Tidemark.Pushing;

/// <summary>Writes gathered posts over a connection of its own. Owned by one task.</summary>
/// <remarks>
/// 1. It sorts the records of all posts into tables.
/// 2. In one transaction it looks for keys and references, leaves out what is not to be written, writes the rest, halving where a record is refused, and keeps answers.
/// 3. It answers. After an error that may pass it is three attempts; after another one each post is tried alone, so that none pays for its company.
/// </remarks>
internal sealed class GatherWriter(IDestination destination, PushTarget target, GathererOptions options, PostQueue queue, GatherCounts counts, TimeProvider time, Random random) : IAsyncDisposable
{
    private readonly SharedCommit _commit = new(
        destination, [.. target.Routes.Select(r => r.Target)], new SharedOptions(), TemporaryFaults.Retry(time, random, counts.AddRetry, isAwaited: true));

    private PostSorter? _sorter;
    private long _purgedAt = time.GetTimestamp();
    private int _underWay;

    /// <summary>How many posts are being written; for any task.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Writes posts and answers each of them, whatever happens.</summary>
    public async Task WriteAsync(List<WaitingPost> posts)
    {
        Volatile.Write(ref _underWay, posts.Count);
        await AnswerAsync(posts);
        Volatile.Write(ref _underWay, 0);
        await PurgeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _commit.DisposeAsync();
        _sorter?.Dispose();
    }

    private async Task AnswerAsync(List<WaitingPost> posts)
    {
        try
        {
            await WriteOrApartAsync(posts);
        }
        catch (DestinationException e) when (e.Fault == DestinationFault.Temporary)
        {
            Complete(posts, p => new PostAnswer(PostStatus.Unavailable) { Received = p.Count, Problem = e.Message, RetryAfter = options.RetryAfter });
        }
        catch (ReferenceException e)
        {
            Complete(posts, p => new PostAnswer(PostStatus.NotReady) { Received = p.Count, Problem = e.Message, RetryAfter = options.NotReadyRetryAfter });
        }
        catch (DestinationException e)
        {
            Complete(posts, p => new PostAnswer(e.Fault == DestinationFault.LeaseLost ? PostStatus.Moved : PostStatus.Failed) { Received = p.Count, Problem = e.Message });
        }
        catch (Exception e)
        {
            // A mistake of ours must not stop all posts to come.
            var failed = posts.Where(p => !p.Answer.IsCompleted).ToList();
            queue.Done(failed);
            foreach (var post in failed) post.Fail(e);
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
            foreach (var post in posts) await AnswerAsync([post]);
        }
    }

    private async Task WriteTogetherAsync(List<WaitingPost> posts)
    {
        var writer = await _commit.OpenAsync(CancellationToken.None);
        _sorter ??= new PostSorter(target, writer.FieldsOf);
        using var gathered = _sorter.Sort(posts);
        var answers = gathered.IsNeeded ? await CommitAsync(gathered) : new PostVerdicts(gathered, _sorter, [], []).Answers();
        counts.AddWritten(answers);
        var next = 0;
        Complete(posts, _ => answers[next++]);
    }

    private async Task<PostAnswer[]> CommitAsync(GatheredPosts gathered)
    {
        // Where references are asked for, what a table has to become is known only then.
        var prepare = gathered.Asked.Count > 0 ? null : PartsOf(gathered.Routes);
        var answers = await _commit.RunAsync(prepare, gathered.Look(), async (transaction, token) =>
        {
            // A position moves over what was written or refused, never over what somebody else may still undo.
            if (gathered.Posts[0].Waiting.Post.Position is not null && transaction.Keys is [{ Status: KeyStatus.InFlight }])
                throw new DestinationException(DestinationFault.Temporary, "a post with the same key is being written right now");
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
        counts.AddTransaction();
        return answers;
    }

    private static List<TableRecords> PartsOf(IReadOnlyList<RoutedRecords> routes) =>
        [.. Enumerable.Range(0, routes.Count).Where(i => routes[i].Batch.Count > 0).Select(i => new TableRecords(i, routes[i].Batch))];

    private static IReadOnlyList<StoredAnswer> Stored(GatheredPosts gathered, PostAnswer[] answers) =>
        [.. gathered.Keyed.Where(i => answers[i].Status == PostStatus.Written && gathered.Posts[i].Waiting.Post.Store is not null)
            .Select(i => new StoredAnswer(gathered.Posts[i].Waiting.Post.Key!, gathered.Posts[i].Waiting.Post.Store!(answers[i])))];

    private void Complete(List<WaitingPost> posts, Func<Post, PostAnswer> answer)
    {
        // First the keys: whoever has the answer may come again at once.
        var answered = posts.Where(p => !p.Answer.IsCompleted).ToList();
        queue.Done(answered);
        foreach (var post in answered) post.Complete(answer(post.Post));
    }

    private async Task PurgeAsync()
    {
        if (time.GetElapsedTime(_purgedAt) < options.PurgeEvery) return;
        _purgedAt = time.GetTimestamp();
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
