using Tidemark.Destinations;

namespace Tidemark.MongoDb.Native;

/// <summary>Errors as the engine knows them: the three kinds of law 11 by the driver's domain and the server's code.</summary>
/// <remarks>Sources: libmongoc's mongoc-error.h (error API 2), MongoDB's src/mongo/base/error_codes.yml.</remarks>
/// <param name="server">Where the server is, for people, without any secret.</param>
internal sealed class MongoErrors(string server)
{
    private const uint Client = 1, Stream = 2, ServerSelection = 15, WriteConcern = 16, Server = 17, Authenticate = 11, SelectionFailure = 13053;

    // Conflicts, time-outs, a primary that steps down or is about to end: what the driver's own retries take for temporary, and what passes by itself.
    private static readonly HashSet<int> Temporary =
        [6, 7, 24, 46, 50, 64, 89, 91, 112, 117, 134, 189, 202, 216, 262, 290, 317, 384, 9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436];

    private static readonly HashSet<int> Unreachable = [6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436];

    // BadValue, FailedToParse, TypeMismatch, Overflow (nested too deep), PathNotViable, ConflictingUpdateOperators, CannotBackfillArray, DollarPrefixedFieldName, InvalidIdField,
    // NotSingleValueField, InvalidDBRef, EmptyFieldName, DottedFieldName, ImmutableField, DocumentValidationFailure, two arrays in one index, keys and documents that are too large.
    private static readonly HashSet<int> OfRecord =
        [2, 9, 14, 15, 28, 40, 50840, 52, 53, 54, 55, 56, 57, 66, 121, 171, 10334, 10003, 11000, 17280, 17419, 17420];

    /// <summary>Where it is, for people.</summary>
    public string Name => server;

    /// <summary>True if the server has answered, and this is what it says.</summary>
    public static bool IsOfServer(DriverError error) => error.Domain == Server;

    /// <summary>True if a document is to blame for what the server says.</summary>
    public static bool IsOfRecord(int code) => OfRecord.Contains(code);

    /// <summary>The error as the engine knows it.</summary>
    public MongoError Of(DriverError error) => error.Domain switch
    {
        Stream => Lost(error.Message),
        ServerSelection when IsRefusal(error.Message) => new MongoError(DestinationFault.Fatal, 0, $"{server}: {error.Message}; check the address, and tls=true or its certificates"),
        ServerSelection => Lost(error.Message),
        WriteConcern => new MongoError(DestinationFault.Temporary, (int)error.Code, $"{server}: what was written is not as safe as asked for: {error.Message}"),
        Client when error.Code == Authenticate => new MongoError(DestinationFault.Fatal, 0, $"{server}: {error.Message}; check user, password and authSource in the URL"),
        Server => OfServer((int)error.Code, error.Message),
        _ => new MongoError(DestinationFault.Fatal, 0, $"{server}: {error.Message}"),
    };

    /// <summary>An error that the server has answered.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="message">In its words.</param>
    public MongoError OfServer(int code, string message) => new(FaultOf(code), code, $"{server}: {message} (code {code}){AdviceOn(code)}") { IsUnreachable = Unreachable.Contains(code) };

    private MongoError Lost(string message) => new(DestinationFault.Temporary, 0, $"the connection to {server} failed: {message}") { IsUnreachable = true };

    // A certificate that is not trusted, or a server that speaks no TLS, does not pass by itself; the driver tells it only in words.
    private static bool IsRefusal(string message) => message.Contains("TLS handshake failed", StringComparison.Ordinal) || message.Contains("certificate", StringComparison.OrdinalIgnoreCase);

    private static DestinationFault FaultOf(int code) => Temporary.Contains(code) ? DestinationFault.Temporary : DestinationFault.Fatal;

    private static string AdviceOn(int code) => code switch
    {
        13 => "; the server asks for a user who may do this: write mongodb://USER:PASSWORD@HOST/DATABASE?authSource=admin, or give the user the role readWrite on the database",
        18 => "; check user, password and authSource in the URL",
        14031 => "; the server's disk is full: make room, then run again",
        _ => "",
    };
}
