using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Sqlite;

/// <summary>What this library registers.</summary>
public static class SqliteConnectors
{
    private const string Scheme = "sqlite:";

    /// <summary>The destination <c>sqlite</c>, also written <c>sqlite:PATH</c>.</summary>
    public static IReadOnlyList<DestinationConnector> All { get; } =
    [
        new DestinationConnector<SqliteDestination>(
            "sqlite",
            new Shape<SqliteDestination>("An SQLite file.", static () => new SqliteDestination())
                .Required("path", Formats.FilePath, static (d, v) => d with { Path = v }, "The file, relative to the configuration; made if it is missing, its directory is not."),
            FromUrl),
    ];

    private static SqliteDestination? FromUrl(string url, string baseDirectory) =>
        url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && url.Length > Scheme.Length
            ? new SqliteDestination { Path = Path.Combine(baseDirectory, url[Scheme.Length..]) }
            : null;
}
