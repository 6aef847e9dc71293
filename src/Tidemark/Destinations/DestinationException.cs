namespace Tidemark.Destinations;

/// <summary>An error of a destination.</summary>
/// <param name="fault">What it means for the engine.</param>
/// <param name="message">For the user: what was found, what was expected, what to do. No secret in it.</param>
/// <param name="innerException">The cause.</param>
public class DestinationException(DestinationFault fault, string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What it means for the engine.</summary>
    public DestinationFault Fault { get; } = fault;
}
