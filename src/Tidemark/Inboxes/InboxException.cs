namespace Tidemark.Inboxes;

/// <summary>An inbox that could not take or tell something; nothing was kept.</summary>
/// <param name="isFull">True if there is no room for it now: it is taken once others are delivered.</param>
/// <param name="message">For people: what was found, what to do.</param>
/// <param name="innerException">The cause.</param>
public sealed class InboxException(bool isFull, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>True if there is no room for it now.</summary>
    public bool IsFull => isFull;
}
