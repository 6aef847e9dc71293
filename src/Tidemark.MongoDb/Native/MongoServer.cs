using System.Runtime.InteropServices;
using Tidemark.Destinations;

namespace Tidemark.MongoDb.Native;

/// <summary>The way to a database: a pool of clients, made when it is first needed.</summary>
/// <param name="url">The address.</param>
/// <param name="onCommand">Is told of each command that is sent, by any thread; null: nobody is.</param>
internal sealed class MongoServer(MongoUrl url, Action<string>? onCommand = null) : IAsyncDisposable
{
    private const int ErrorApi = 2;

    private readonly Lock _gate = new();
    private PoolHandle? _pool;
    private CommandMonitor? _monitor;

    /// <summary>Where it is, for people: <c>host:port/database</c>.</summary>
    public string Name => url.Server;

    /// <summary>Errors as the engine knows them.</summary>
    public MongoErrors Errors { get; } = new(url.Server);

    /// <summary>The driver's version.</summary>
    public static string DriverVersion => Marshal.PtrToStringUTF8(LibMongoc.GetVersion())!;

    /// <summary>Takes a client, and asks the server who it is.</summary>
    /// <exception cref="DestinationException">The driver is missing, the server can't be reached, or can't be written.</exception>
    public async Task<MongoSession> ConnectAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var session = new MongoSession(new MongoClient(new ClientHandle(Pool()), url.Database, Errors));
        try
        {
            await session.GreetAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _pool?.Dispose();
            _monitor?.Dispose();
            (_pool, _monitor) = (null, null);
        }
        return ValueTask.CompletedTask;
    }

    private unsafe PoolHandle Pool()
    {
        lock (_gate)
        {
            if (_pool is not null) return _pool;
            MongoLibraries.Load();
            BsonError error = default;
            using var uri = LibMongoc.NewUri(url.Text, &error);
            // The driver's words may repeat what it was given.
            if (uri.IsInvalid) throw new DestinationException(DestinationFault.Fatal, $"MongoDB's driver does not take the URL of {Name}{(url.Text.Contains('@', StringComparison.Ordinal) ? "" : $": {error.Error.Message}")}; check its options");
            var pool = LibMongoc.NewPool(uri, &error);
            if (pool.IsInvalid) throw Errors.Of(error.Error);
            LibMongoc.SetErrorApi(pool, ErrorApi);
            // Before the first client is taken.
            if (onCommand is not null) _monitor = new CommandMonitor(pool, onCommand);
            return _pool = pool;
        }
    }
}
