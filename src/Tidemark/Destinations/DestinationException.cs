namespace Tidemark.Destinations;

/// <summary>An error of a destination.</summary>
/// <param name="fault">What it means for the engine.</param>
/// <param name="message">For the user: what was found, what was expected, what to do. No secret in it.</param>
/// <param name="innerException">The cause.</param>
public class DestinationException(DestinationFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it means for the engine.</summary>
    public DestinationFault Fault { get; } = fault;

    /// <summary>
    /// True for a <see cref="DestinationFault.Temporary"/> error of a database that can't be reached or is starting: nothing was tried, so the engine tries for longer, as long as a restart may take.
    /// </summary>
    public bool IsUnreachable { get; init; }
}
