using Tidemark.Destinations;

namespace Tidemark.Sqlite;

/// <summary>An SQLite file as destination. The file is made if it is missing, its directory is not.</summary>
public sealed record SqliteDestination : DestinationDefinition
{
    /// <summary>The file.</summary>
    public string Path { get; init; } = "";

    /// <inheritdoc/>
    public override IDestination Open(DestinationServices services) => new LiveDestination(Path, services);
}
