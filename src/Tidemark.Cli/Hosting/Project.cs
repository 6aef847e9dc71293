using System.Collections;
using Tidemark.Configuration;
using Tidemark.Destinations;
using Tidemark.PostgreSql;
using Tidemark.Runs;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Hosting;

/// <summary>A configuration file and what lies beside it.</summary>
internal sealed record Project(string File, PipelineDefinition Pipeline)
{
    /// <summary>Reads the configuration; what is wrong with it is thrown with every place.</summary>
    /// <param name="file">The file.</param>
    /// <param name="variables">Variables that win over the environment.</param>
    public static Project Load(string file, IReadOnlyDictionary<string, string>? variables = null)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>(StringComparer.Ordinal)) environment[name] = value;
        return new Project(file, ConfigurationReader.Read(file, Connectors.All, environment));
    }

    /// <summary>A stream by its name.</summary>
    public StreamDefinition Stream(string name) =>
        Pipeline.Streams.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal))
        ?? throw new UserErrorException($"no stream is called '{name}'{Definitions.NearestName.Hint(name, [.. Pipeline.Streams.Select(s => s.Name)])}");

    /// <summary>A stream that runs read, by its name.</summary>
    public StreamDefinition PulledStream(string name) =>
        Stream(name) is var stream && !Pipeline.IsPushed(stream) ? stream : throw new UserErrorException($"the records of '{name}' are posted to tidemark serve: there is nothing to read");

    /// <summary>Opens the store: where the configuration says, else the PostgreSQL destination if there is exactly one, else <c>.tidemark/store.db</c> beside the configuration.</summary>
    public Task<IStore> OpenStoreAsync(CancellationToken cancellationToken) => OpenStoreAsync(Pipeline.Store ?? DefaultStore(), cancellationToken);

    /// <summary>Opens a store in a database.</summary>
    public static async Task<IStore> OpenStoreAsync(DestinationDefinition place, CancellationToken cancellationToken) => place switch
    {
        SqliteDestination file => await SqliteStore.OpenAsync(file.Path, TimeProvider.System, cancellationToken),
        PostgreSqlDestination database => await PostgreSqlStore.OpenAsync(database, TimeProvider.System, cancellationToken),
        var other => throw new UserErrorException($"found a store of type {other.GetType().Name}, expected sqlite:PATH or postgresql://…"),
    };

    /// <summary>Opens the store if it is there, for whoever only looks; null: nothing has been kept yet.</summary>
    public async Task<IStore?> OpenExistingStoreAsync(CancellationToken cancellationToken) => (Pipeline.Store ?? DefaultStore()) switch
    {
        SqliteDestination file => await SqliteStore.OpenExistingAsync(file.Path, TimeProvider.System, cancellationToken),
        PostgreSqlDestination database => await PostgreSqlStore.OpenExistingAsync(database, TimeProvider.System, cancellationToken),
        _ => await OpenStoreAsync(cancellationToken),
    };

    /// <summary>Looks whether the store can be used, where that takes rights; changes nothing.</summary>
    /// <exception cref="DestinationException">It can't.</exception>
    public Task CheckStoreAsync(CancellationToken cancellationToken) =>
        (Pipeline.Store ?? DefaultStore()) is PostgreSqlDestination database ? PostgreSqlStore.CheckAsync(database, cancellationToken) : Task.CompletedTask;

    /// <summary>Looks whether a server that has started with this configuration can go on with another one.</summary>
    /// <exception cref="UserErrorException">Something is different that takes a restart.</exception>
    public void CheckReload(Project changed)
    {
        if (!StorePlace.Equals(changed.StorePlace)) throw new UserErrorException($"{File}: the store would be another database: restart the server to change it (store:, or the destinations that it follows from)");
        if (!Pipeline.Telemetry.SameAs(changed.Pipeline.Telemetry)) throw new UserErrorException($"{File}: telemetry has changed, whose files are open: restart the server to change it");
    }

    private DestinationDefinition StorePlace => Pipeline.Store ?? DefaultStore();

    /// <summary>The file in which asynchronous posts wait.</summary>
    public string InboxPath => Definitions.Formats.InDirectoryOf(File, ".tidemark/inbox.db");

    private DestinationDefinition DefaultStore() =>
        Pipeline.Destinations.Values.OfType<PostgreSqlDestination>().ToList() is [var only] ? only : new SqliteDestination { Path = Definitions.Formats.InDirectoryOf(File, ".tidemark/store.db") };
}
