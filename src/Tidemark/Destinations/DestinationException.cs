namespace Tidemark.Destinations;

/// <summary>What an error of a destination means for the engine.</summary>
public enum DestinationFault
{
    /// <summary>It may pass: tried again. Connection lost, locked, deadlock, time-out.</summary>
    Temporary,

    /// <summary>A record is to blame: the batch is halved until it stands alone.</summary>
    Record,

    /// <summary>A guard stopped it; nothing was changed.</summary>
    Guard,

    /// <summary>Somebody else has taken over the stream.</summary>
    LeaseLost,

    /// <summary>All else: disk full, no rights, a view where a table is expected. The stream ends, no record is marked failed.</summary>
    Fatal,
}

/// <summary>An error of a destination.</summary>
/// <param name="fault">What it means for the engine.</param>
/// <param name="message">For the user: what was found, what was expected, what to do. No secret in it.</param>
/// <param name="innerException">The cause.</param>
public class DestinationException(DestinationFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it means for the engine.</summary>
    public DestinationFault Fault { get; } = fault;
}

/// <summary>Somebody else is writing the stream.</summary>
/// <param name="holder">Who: machine, process, since when.</param>
/// <param name="expiresAt">When the lease ends if it is not renewed.</param>
public sealed class LeaseHeldException(string holder, DateTimeOffset expiresAt)
    : DestinationException(DestinationFault.Fatal, $"the stream is being written by {holder}")
{
    /// <summary>Who holds it.</summary>
    public string Holder { get; } = holder;

    /// <summary>When the lease ends if it is not renewed.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}
