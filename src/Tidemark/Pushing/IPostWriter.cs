namespace Tidemark.Pushing;

/// <summary>Writes the posts of one target, many at once. Safe for any number of tasks.</summary>
public interface IPostWriter : IAsyncDisposable
{
    /// <summary>How many posts wait or are being written.</summary>
    int Waiting { get; }

    /// <summary>
    /// Writes a post, together with whatever else waits, and answers for it alone. It never waits for room: when too much waits it answers
    /// <see cref="PostStatus.Full"/> at once.
    /// </summary>
    /// <param name="post">The post; it is disposed when it is answered, whatever the answer.</param>
    /// <param name="cancellationToken">Ends the call; a post that is being written already is written all the same.</param>
    /// <exception cref="OperationCanceledException">The call was ended.</exception>
    Task<PostAnswer> WriteAsync(Post post, CancellationToken cancellationToken);
}
