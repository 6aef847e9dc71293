namespace Tidemark.Pushing;

/// <summary>What became of a post as a whole.</summary>
public enum PostStatus
{
    /// <summary>It is on disk, rejected records excepted.</summary>
    Written,

    /// <summary>It was written before, under the same key; <see cref="PostAnswer.Stored"/> is the answer that it had.</summary>
    Replayed,

    /// <summary>A post with the same key is being written right now: nothing was written.</summary>
    InFlight,

    /// <summary>Its key was used for another payload: nothing was written.</summary>
    KeyReused,

    /// <summary>The request itself is at fault, as <see cref="PostAnswer.Problem"/> says: nothing was written.</summary>
    Refused,

    /// <summary>Too much waits already: nothing was written; again after <see cref="PostAnswer.RetryAfter"/>.</summary>
    Full,

    /// <summary>The database can't be reached, or did not answer after all attempts: again after <see cref="PostAnswer.RetryAfter"/>.</summary>
    Unavailable,

    /// <summary>A table or column that references are looked up in is not there, as <see cref="PostAnswer.Problem"/> says: nothing was written; again after <see cref="PostAnswer.RetryAfter"/>.</summary>
    NotReady,

    /// <summary>The position that it moves is not where it was expected: somebody else delivers that inbox. Nothing was written.</summary>
    Moved,

    /// <summary>An error that does not pass by itself, as <see cref="PostAnswer.Problem"/> says: a disk that is full, rights that are missing.</summary>
    Failed,
}
