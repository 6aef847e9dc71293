namespace Tidemark.Tests.Shared;

/// <summary>
/// What the tests have of MongoDB: DocumentDB and the gateway before it. One for a test project, each test with a database of its own. Where it is not set up it starts nothing:
/// tests that need it bear <see cref="MongoFactAttribute"/> or <see cref="MongoTheoryAttribute"/> and are skipped.
/// </summary>
public sealed class MongoServer : IAsyncLifetime
{
    private int _databases;

    public MongoServer() => Gateway = new MongoGatewayProcess(Server.Port);

    /// <summary>What keeps the data: killed, it has lost nothing that was acknowledged.</summary>
    public DocumentDbServer Server { get; } = new();

    /// <summary>What clients speak to.</summary>
    public MongoGatewayProcess Gateway { get; }

    /// <summary>The URL of a database that nobody else uses. There is nothing to make: MongoDB makes databases and collections at the first write.</summary>
    public string CreateDatabase() => Url($"test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");

    /// <exception cref="InvalidOperationException">It is not set up here.</exception>
    public string Url(string database) => DocumentDbServer.Refusal is { } refusal ? throw new InvalidOperationException(refusal) : $"mongodb://127.0.0.1:{Gateway.Port}/{database}";

    /// <summary>The database of a URL.</summary>
    public static string DatabaseOf(string url) => new Uri(url).AbsolutePath.Trim('/');

    public async Task InitializeAsync()
    {
        if (DocumentDbServer.Refusal is not null) return;
        await Server.StartAsync();
        await Gateway.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Server.DisposeAsync();
    }
}
