using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Native;

/// <summary>Writes to one collection that go together, in no order: one that is refused does not stop the others. Owned by one task; documents are copied when they are added.</summary>
internal sealed unsafe class MongoBulk : IDisposable
{
    private static readonly byte[] Unordered = BsonWriter.Document(static w => w.Boolean("ordered"u8, false));
    // What is sent is made by our own writer: the driver need not look at it again.
    private static readonly byte[] AsItIs = BsonWriter.Document(static w => w.Boolean("validate"u8, false));
    private static readonly byte[] Upsert = BsonWriter.Document(static w =>
    {
        w.Boolean("upsert"u8, true);
        w.Boolean("validate"u8, false);
    });

    private readonly MongoErrors _errors;
    private readonly BulkHandle _bulk;
    private readonly BsonSlot _first = new();
    private readonly BsonSlot _second = new();
    private readonly BsonSlot _options = new();

    public MongoBulk(CollectionHandle collection, MongoErrors errors)
    {
        _errors = errors;
        fixed (byte* unordered = Unordered)
        {
            _options.View(unordered, Unordered.Length);
            _bulk = LibMongoc.NewBulk(collection, _options.Pointer);
        }
    }

    /// <summary>How many writes there are.</summary>
    public int Count { get; private set; }

    /// <summary>Inserts a document.</summary>
    public void Insert(ReadOnlySpan<byte> document)
    {
        BsonError error = default;
        fixed (byte* first = document, options = AsItIs)
        {
            _first.View(first, document.Length);
            _options.View(options, AsItIs.Length);
            Added(LibMongoc.BulkInsert(_bulk.DangerousGetHandle(), _first.Pointer, _options.Pointer, &error), &error);
        }
    }

    /// <summary>Changes one document.</summary>
    /// <param name="selector">Which.</param>
    /// <param name="update">How.</param>
    /// <param name="orInsert">True to insert it where there is none.</param>
    public void UpdateOne(ReadOnlySpan<byte> selector, ReadOnlySpan<byte> update, bool orInsert)
    {
        BsonError error = default;
        var how = orInsert ? Upsert : AsItIs;
        fixed (byte* first = selector, second = update, options = how)
        {
            _first.View(first, selector.Length);
            _second.View(second, update.Length);
            _options.View(options, how.Length);
            Added(LibMongoc.BulkUpdateOne(_bulk.DangerousGetHandle(), _first.Pointer, _second.Pointer, _options.Pointer, &error), &error);
        }
    }

    /// <summary>Changes all documents that a selector finds.</summary>
    public void UpdateMany(ReadOnlySpan<byte> selector, ReadOnlySpan<byte> update)
    {
        BsonError error = default;
        fixed (byte* first = selector, second = update, options = AsItIs)
        {
            _first.View(first, selector.Length);
            _second.View(second, update.Length);
            _options.View(options, AsItIs.Length);
            Added(LibMongoc.BulkUpdateMany(_bulk.DangerousGetHandle(), _first.Pointer, _second.Pointer, _options.Pointer, &error), &error);
        }
    }

    /// <summary>Removes all documents that a selector finds.</summary>
    public void RemoveMany(ReadOnlySpan<byte> selector)
    {
        BsonError error = default;
        fixed (byte* first = selector)
        {
            _first.View(first, selector.Length);
            Added(LibMongoc.BulkRemoveMany(_bulk.DangerousGetHandle(), _first.Pointer, null, &error), &error);
        }
    }

    /// <summary>Sends them, and waits for the answers.</summary>
    /// <exception cref="MongoError">Not all were answered; some may have been written.</exception>
    public BulkResult Execute()
    {
        if (Count == 0) return new BulkResult();
        BsonError error = default;
        // The slot of a selector is free at this point.
        var isDone = LibMongoc.BulkExecute(_bulk, _first.Pointer, &error) != 0;
        var result = _first.Take(BulkResult.Of);
        if (isDone || IsOfWrites(result, error.Error)) return result;
        throw _errors.Of(error.Error);
    }

    public void Dispose()
    {
        _bulk.Dispose();
        _first.Dispose();
        _second.Dispose();
        _options.Dispose();
    }

    // The driver tells the first of them as its own error then; a connection that was lost in between is another thing.
    private static bool IsOfWrites(BulkResult result, DriverError error) => result.Errors.Count > 0 && MongoErrors.IsOfServer(error);

    private void Added(bool isAdded, BsonError* error)
    {
        if (!isAdded) throw _errors.Of(error->Error);
        Count++;
    }
}
