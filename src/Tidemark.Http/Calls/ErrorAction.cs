namespace Tidemark.Http;

/// <summary>What becomes of an answer that a rule of an error handler matches.</summary>
public enum ErrorAction
{
    /// <summary>It counts as an empty page and ends the paging.</summary>
    Ignore,

    /// <summary>It is asked for again, with growing waits.</summary>
    Retry,

    /// <summary>The stream fails.</summary>
    Fail,

    /// <summary>It is treated as a 429: asked for again, the wait counts as throttled.</summary>
    RateLimited,

    /// <summary>The authenticator fetches a new token, and it is asked for again once.</summary>
    RefreshToken,
}
