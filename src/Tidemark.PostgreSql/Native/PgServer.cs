using Npgsql;
using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>The way to a database. Safe for several tasks at once.</summary>
internal sealed class PgServer : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly PgErrors _errors;

    private PgServer(NpgsqlDataSource source, PgErrors errors)
    {
        _source = source;
        _errors = errors;
    }

    /// <summary>Where it is, for people: <c>host:port/database</c>.</summary>
    public string Name => _errors.Server;

    /// <summary>The way to the database of a URL; nothing is connected yet.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="password">The password, where the URL does not carry it.</param>
    /// <exception cref="DestinationException">The URL can't be used.</exception>
    public static PgServer Of(string url, string? password = null)
    {
        try
        {
            var settings = ConnectionUrl.Parse(url);
            if (password is not null) settings.Password = password;
            // All parameters and results of ours are of built-in types: no connection need ask for the types of the database, one or more for each table.
            var source = new NpgsqlDataSourceBuilder(settings.ConnectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
            return new PgServer(source, new PgErrors(ConnectionUrl.ServerOf(settings)));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            // What two parameters mean together only the driver knows.
            throw new DestinationException(DestinationFault.Fatal, $"the URL of the database can't be used: {e.Message}");
        }
    }

    /// <summary>Connects.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<Session> ConnectAsync(CancellationToken cancellationToken) => Session.OpenAsync(_source, _errors, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
