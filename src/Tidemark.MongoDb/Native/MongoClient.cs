using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Native;

/// <summary>A client's blocking calls. One thread at a time.</summary>
internal sealed unsafe class MongoClient(ClientHandle client, string database, MongoErrors errors) : IDisposable
{
    private static readonly byte[] Nothing = BsonWriter.Document(_ => { });

    private readonly BsonSlot _first = new();
    private readonly BsonSlot _second = new();
    private readonly BsonSlot _reply = new();
    private readonly Dictionary<string, CollectionHandle> _collections = new(StringComparer.Ordinal);

    public MongoErrors Errors => errors;

    /// <summary>Sends a command, and gives its answer.</summary>
    public byte[] Command(byte[] command)
    {
        BsonError error = default;
        fixed (byte* bytes = command)
        {
            _first.View(bytes, command.Length);
            var isDone = LibMongoc.Command(client, database, _first.Pointer, readPreferences: 0, _reply.Pointer, &error);
            var answer = _reply.Take();
            return isDone ? answer : throw errors.Of(error.Error);
        }
    }

    /// <summary>Sends a command that changes something, as safely as the URL says.</summary>
    public byte[] WriteCommand(byte[] command)
    {
        BsonError error = default;
        fixed (byte* bytes = command, options = Nothing)
        {
            _first.View(bytes, command.Length);
            _second.View(options, Nothing.Length);
            var isDone = LibMongoc.WriteCommand(client, database, _first.Pointer, _second.Pointer, _reply.Pointer, &error);
            var answer = _reply.Take();
            return isDone ? answer : throw errors.Of(error.Error);
        }
    }

    /// <summary>The documents that a filter finds.</summary>
    public List<byte[]> Find(string collection, byte[] filter, byte[] options)
    {
        using var cursor = Open(collection, filter, options);
        return Read(cursor, int.MaxValue);
    }

    /// <summary>Begins to read the documents that a filter finds; <see cref="Read"/> reads them.</summary>
    public CursorHandle Open(string collection, byte[] filter, byte[] options)
    {
        fixed (byte* first = filter, second = options)
        {
            _first.View(first, filter.Length);
            _second.View(second, options.Length);
            return LibMongoc.Find(CollectionOf(collection), _first.Pointer, _second.Pointer, readPreferences: 0);
        }
    }

    /// <summary>The next documents of a cursor; fewer than were asked for: these are the last.</summary>
    public List<byte[]> Read(CursorHandle cursor, int count)
    {
        var documents = new List<byte[]>();
        void* document;
        while (documents.Count < count && LibMongoc.Next(cursor, &document)) documents.Add(BsonSlot.Copy(document));
        BsonError error = default;
        return LibMongoc.CursorError(cursor, &error, &document) ? throw errors.Of(error.Error) : documents;
    }

    /// <summary>The documents that a pipeline gives.</summary>
    public List<byte[]> Aggregate(string collection, byte[] pipeline)
    {
        fixed (byte* first = pipeline, second = Nothing)
        {
            _first.View(first, pipeline.Length);
            _second.View(second, Nothing.Length);
            using var cursor = LibMongoc.Aggregate(CollectionOf(collection), flags: 0, _first.Pointer, _second.Pointer, readPreferences: 0);
            return Read(cursor, int.MaxValue);
        }
    }

    /// <summary>Begins writes to a collection that go together; it blocks nobody.</summary>
    public MongoBulk NewBulk(string collection) => new(CollectionOf(collection), errors);

    public void Dispose()
    {
        foreach (var collection in _collections.Values) collection.Dispose();
        client.Dispose();
        _first.Dispose();
        _second.Dispose();
        _reply.Dispose();
    }

    private CollectionHandle CollectionOf(string name)
    {
        if (!_collections.TryGetValue(name, out var collection)) _collections[name] = collection = LibMongoc.GetCollection(client, database, name);
        return collection;
    }
}
