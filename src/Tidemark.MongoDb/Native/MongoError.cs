using Tidemark.Destinations;

namespace Tidemark.MongoDb.Native;

/// <summary>An error of the server, of the driver, or of the way between them.</summary>
/// <param name="fault">What it means for the engine.</param>
/// <param name="code">The server's code; 0: it is not the server's.</param>
/// <param name="message">For the user.</param>
internal sealed class MongoError(DestinationFault fault, int code, string message) : DestinationException(fault, message)
{
    /// <summary>Two documents have what only one may have.</summary>
    public const int DuplicateKey = 11000;

    /// <summary>Another writer was at the same document.</summary>
    public const int WriteConflict = 112;

    /// <summary>There is no such collection.</summary>
    public const int NamespaceNotFound = 26;

    /// <summary>The server's code; 0: it is not the server's.</summary>
    public int Code => code;
}
