namespace Tidemark.Pushing;

/// <summary>A post and whoever waits for its answer.</summary>
internal sealed class WaitingPost(Post post) : IDisposable
{
    private readonly TaskCompletionSource<PostAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Post Post => post;

    /// <summary>Ends with the answer.</summary>
    public Task<PostAnswer> Answer => _answer.Task;

    /// <summary>True while it is in the queue; guarded by the queue's lock.</summary>
    public bool IsQueued { get; set; }

    /// <summary>True if nobody waits any more; guarded by the queue's lock.</summary>
    public bool IsGivenUp { get; set; }

    public void Complete(PostAnswer answer)
    {
        Dispose();
        _answer.TrySetResult(answer);
    }

    public void Fail(Exception e)
    {
        Dispose();
        _answer.TrySetException(e);
    }

    public void Dispose() => post.Dispose();
}
