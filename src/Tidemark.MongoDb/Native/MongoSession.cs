using System.Runtime.CompilerServices;
using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Native;

/// <summary>A client with a thread of its own. Used by one task, one call at a time; a connection that is lost the driver replaces at the next call.</summary>
internal sealed class MongoSession(MongoClient client) : IAsyncDisposable
{
    private static readonly byte[] Hello = BsonWriter.Document(static w => w.Int32("hello"u8, 1));
    private static readonly byte[] BuildInfo = BsonWriter.Document(static w => w.Int32("buildInfo"u8, 1));

    private const int MaxAttempts = 5;

    private readonly CallThread _thread = new();
    private DateTimeOffset _greetedAt;
    private long _greeted;
    private bool _disposed;

    /// <summary>Errors as the engine knows them.</summary>
    public MongoErrors Errors => client.Errors;

    /// <summary>The time by the server's clock, as it was when the session began and has run since.</summary>
    public DateTimeOffset Now => _greetedAt + TimeProvider.System.GetElapsedTime(_greeted);

    /// <summary>Asks the server who it is, and what time it has.</summary>
    /// <exception cref="DestinationException">It can't be reached, or can't be written.</exception>
    public async Task GreetAsync(CancellationToken cancellationToken)
    {
        var hello = await CommandAsync(Hello, cancellationToken);
        (_greetedAt, _greeted) = (BsonReader.Find(hello, "localTime"u8).Time ?? TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
        if (!BsonReader.Find(hello, "isWritablePrimary"u8).IsTrue && !BsonReader.Find(hello, "ismaster"u8).IsTrue)
            throw new MongoError(DestinationFault.Temporary, 0, $"{Errors.Name} is no primary, and can't be written: name all servers of the replica set, or add replicaSet=NAME to the URL") { IsUnreachable = true };
    }

    /// <summary>The server's version.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellationToken) => BsonReader.Find(await CommandAsync(BuildInfo, cancellationToken), "version"u8).Text ?? "of unknown version";

    /// <summary>Sends a command that changes nothing.</summary>
    public Task<byte[]> CommandAsync(byte[] command, CancellationToken cancellationToken) => RunAsync(() => client.Command(command), cancellationToken);

    /// <summary>Sends a command that changes something.</summary>
    public Task<byte[]> WriteCommandAsync(byte[] command, CancellationToken cancellationToken) => RunAsync(() => client.WriteCommand(command), cancellationToken);

    /// <summary>The documents that a filter finds.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="options">Projection, sort, limit, batchSize; null: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<List<byte[]>> FindAsync(string collection, Action<BsonWriter> filter, Action<BsonWriter>? options, CancellationToken cancellationToken)
    {
        var (first, second) = (BsonWriter.Document(filter), BsonWriter.Document(options ?? (static _ => { })));
        return RunAsync(() => client.Find(collection, first, second), cancellationToken);
    }

    /// <summary>The documents that a filter finds, some at a time: not all of them are in memory at once. Other calls may go between.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="options">Projection, sort, batchSize.</param>
    /// <param name="size">How many at a time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async IAsyncEnumerable<List<byte[]>> ReadAsync(string collection, Action<BsonWriter> filter, Action<BsonWriter> options, int size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (first, second) = (BsonWriter.Document(filter), BsonWriter.Document(options));
        var cursor = await RunAsync(() => client.Open(collection, first, second), cancellationToken);
        try
        {
            for (var isLast = false; !isLast;)
            {
                var documents = await RunAsync(() => client.Read(cursor, size), cancellationToken);
                isLast = documents.Count < size;
                if (documents.Count > 0) yield return documents;
            }
        }
        finally
        {
            await _thread.RunAsync(() =>
            {
                cursor.Dispose();
                return 0;
            });
        }
    }

    /// <summary>The documents that a pipeline gives.</summary>
    /// <param name="collection">Where.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="stages">Its stages.</param>
    public Task<List<byte[]>> AggregateAsync(string collection, CancellationToken cancellationToken, params IReadOnlyList<Action<BsonWriter>> stages)
    {
        var pipeline = BsonWriter.Document(w => w.List("pipeline"u8, stages, static (writer, name, stage) =>
        {
            writer.Begin(name);
            stage(writer);
            writer.End();
        }));
        return RunAsync(() => client.Aggregate(collection, pipeline), cancellationToken);
    }

    /// <summary>How many documents a collection has; 0 if there is none.</summary>
    public async Task<long> CountAsync(string collection, CancellationToken cancellationToken) =>
        BsonReader.Find(await CommandAsync(BsonWriter.Document(w => w.String("count"u8, collection)), cancellationToken), "n"u8).Integer;

    /// <summary>Begins writes that go together.</summary>
    public MongoBulk NewBulk(string collection)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return client.NewBulk(collection);
    }

    /// <summary>Sends writes that go together.</summary>
    public Task<BulkResult> ExecuteAsync(MongoBulk bulk, CancellationToken cancellationToken) => bulk.Count == 0 ? Task.FromResult(new BulkResult()) : RunAsync(bulk.Execute, cancellationToken);

    /// <summary>Sends one write; one that is refused is an error, a conflict with another writer is tried again.</summary>
    /// <param name="collection">Where to.</param>
    /// <param name="add">Adds the write.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<BulkResult> WriteAsync(string collection, Action<MongoBulk> add, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var bulk = NewBulk(collection);
            add(bulk);
            var result = await ExecuteAsync(bulk, cancellationToken);
            if (result.Errors is not [var error, ..]) return result;
            if (error.Code != MongoError.WriteConflict || attempt == MaxAttempts) throw Errors.OfServer(error.Code, error.Message);
        }
    }

    /// <summary>Takes a collection away, if it is there.</summary>
    public async Task DropAsync(string collection, CancellationToken cancellationToken)
    {
        try
        {
            await WriteCommandAsync(BsonWriter.Document(w => w.String("drop"u8, collection)), cancellationToken);
        }
        catch (MongoError e) when (e.Code == MongoError.NamespaceNotFound)
        {
            // It is not there.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _thread.RunAsync(() =>
        {
            client.Dispose();
            return 0;
        });
        _thread.Dispose();
    }

    private Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _thread.RunAsync(call);
    }
}
