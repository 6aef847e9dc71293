namespace Tidemark.Server;

/// <summary>A server that can't be started so; the message is for the user: what was found, what to do.</summary>
/// <param name="message">The message.</param>
/// <param name="innerException">The cause.</param>
public sealed class ServerStartException(string message, Exception? innerException = null) : Exception(message, innerException);
