using Tidemark.Destinations;

namespace Tidemark.Pushing;

/// <summary>Posts that wait, bounded in records and bytes. Safe for any number of tasks.</summary>
/// <param name="options">The bounds.</param>
internal sealed class PostQueue(GathererOptions options)
{
    private readonly Lock _lock = new();

    // Guarded by the lock.
    private readonly Queue<WaitingPost> _posts = new();
    private readonly HashSet<(string Scope, string Key, int Part)> _keys = [];
    private long _records;
    private long _bytes;
    private bool _isClosed;

    /// <summary>How many posts wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _posts.Count;
        }
    }

    /// <summary>Adds a post; null: it is in, else the answer.</summary>
    public PostAnswer? Add(WaitingPost waiting)
    {
        var post = waiting.Post;
        lock (_lock)
        {
            if (_isClosed) return new PostAnswer(PostStatus.Unavailable) { Received = post.Count, Problem = "the server is shutting down", RetryAfter = options.RetryAfter };
            if (_posts.Count > 0 && (_records + post.Count > options.MaxWaitingRecords || _bytes + post.ByteSize > options.MaxWaitingBytes))
                return new PostAnswer(PostStatus.Full) { Received = post.Count, Problem = $"{_records} records wait to be written already", RetryAfter = options.RetryAfter };
            if (post.Key is { } key && !_keys.Add(NameOf(key)))
                return new PostAnswer(PostStatus.InFlight) { Received = post.Count, Problem = "a post with the same key is being written right now", RetryAfter = options.RetryAfter };
            _posts.Enqueue(waiting);
            waiting.IsQueued = true;
            _records += post.Count;
            _bytes += post.ByteSize;
            return null;
        }
    }

    /// <summary>Takes as much as one transaction may have, in order; nothing if nothing waits. Their keys are taken until <see cref="Done"/>.</summary>
    public List<WaitingPost> Take()
    {
        var taken = new List<WaitingPost>();
        lock (_lock)
        {
            var (records, bytes) = (0, 0L);
            while (_posts.TryPeek(out var next))
            {
                var post = next.Post;
                var fits = records + post.Count <= options.MaxRecords && bytes + post.ByteSize <= options.MaxBytes && taken.Count < options.MaxPosts;
                // What moves a position is a transaction of its own.
                if (taken.Count > 0 && (!fits || post.Position is not null || taken[0].Post.Position is not null)) break;
                _posts.Dequeue();
                next.IsQueued = false;
                _records -= post.Count;
                _bytes -= post.ByteSize;
                if (next.IsGivenUp) next.Dispose();
                else
                {
                    taken.Add(next);
                    records += post.Count;
                    bytes += post.ByteSize;
                }
            }
        }
        return taken;
    }

    /// <summary>At this point posts are answered: their keys may come again.</summary>
    public void Done(IEnumerable<WaitingPost> posts)
    {
        lock (_lock)
        {
            foreach (var waiting in posts)
            {
                if (waiting.Post.Key is { } key) _keys.Remove(NameOf(key));
            }
        }
    }

    /// <summary>Whoever waited for a post went away: it is not written, unless it is under way already, and its key may come again at once.</summary>
    public void GiveUp(WaitingPost waiting)
    {
        lock (_lock)
        {
            if (!waiting.IsQueued || waiting.IsGivenUp) return;
            waiting.IsGivenUp = true;
            if (waiting.Post.Key is { } key) _keys.Remove(NameOf(key));
        }
    }

    /// <summary>Takes no more posts; those that wait stay.</summary>
    public void Close()
    {
        lock (_lock) _isClosed = true;
    }

    private static (string Scope, string Key, int Part) NameOf(IdempotencyKey key) => (key.Scope, key.Key, key.Part);
}
