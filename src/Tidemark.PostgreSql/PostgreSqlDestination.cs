using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql;

/// <summary>A PostgreSQL database as destination, version 12 or later.</summary>
public sealed record PostgreSqlDestination : DestinationDefinition
{
    /// <summary>The database: <c>postgresql://user:password@host:port/database?parameter=value</c>, as libpq's tools take it.</summary>
    public Secret Url { get; init; } = new("");

    /// <summary>The password, where the URL does not carry it; null: none, or the one of a passfile.</summary>
    public Secret? Password { get; init; }

    /// <summary>The schema of tables whose name has none, and of our own; made if it is missing. Default <c>public</c>.</summary>
    public string Schema { get; init; } = "public";

    /// <inheritdoc/>
    public override bool HasPartitions => true;

    /// <inheritdoc/>
    /// <exception cref="DestinationException">The URL can't be used.</exception>
    public override IDestination Open(DestinationServices services) => new PgLiveDestination(PgServer.Of(Url.Reveal(), Password?.Reveal()), Schema, services);
}
