using Tidemark.MongoGateway.Bson;
using Tidemark.MongoGateway.Faults;
using Tidemark.MongoGateway.Wire;

namespace Tidemark.MongoGateway.Commands;

/// <summary>The items of a write command, some of which are to fail without being carried out, and its answer.</summary>
internal sealed class WriteAnswer
{
    private readonly Fault.Items? _fault;
    private readonly int _kept;
    private readonly int _failed;

    private WriteAnswer(Request request, Fault.Items? fault, int kept, int failed) => (Request, _fault, _kept, _failed) = (request, fault, kept, failed);

    /// <summary>What is to be carried out.</summary>
    public Request Request { get; }

    /// <summary>Nothing of it is.</summary>
    public bool IsEmpty => _fault is not null && _kept == 0;

    /// <summary>Takes the last items away that are to fail.</summary>
    public static WriteAnswer To(Request request, Fault.Items? fault)
    {
        if (fault is null) return new WriteAnswer(request, fault: null, 0, 0);
        var name = request.Name switch { "insert" => "documents", "update" => "updates", _ => "deletes" };
        var items = (request.Sequence is { } sequence ? BsonDocument.Sequence(sequence) : request.Body.Find(name)!.Value.Document.Elements.Select(e => e.Document)).ToList();
        var kept = Math.Max(0, items.Count - fault.Count);
        var body = new BsonWriter();
        foreach (var element in request.Body.Elements.Where(e => !string.Equals(e.Name, name, StringComparison.Ordinal))) body.Copy(element);
        var bytes = items.Take(kept).SelectMany(d => d.Bytes.ToArray()).ToArray();
        // An ordered write stops at its first error.
        var isOrdered = request.Body.Find("ordered") is not { Boolean: false };
        return new WriteAnswer(request with { Body = body.Close(), Sequence = bytes, SequenceName = name }, fault, kept, isOrdered ? 1 : items.Count - kept);
    }

    /// <summary>The server's answer with MongoDB's codes, and with the errors of the items that were taken away.</summary>
    public BsonDocument Complete(BsonDocument answer)
    {
        var errors = answer.Find("writeErrors")?.Document.Elements.ToList() ?? [];
        foreach (var error in errors)
        {
            if (error.Document.Find("code") is { } code) code.Replace(ErrorCodes.OfPacked(code.Int32));
        }
        if (_fault is null || (errors.Count > 0 && Request.Body.Find("ordered") is not { Boolean: false })) return answer;
        var writer = new BsonWriter();
        foreach (var element in answer.Elements.Where(e => !string.Equals(e.Name, "writeErrors", StringComparison.Ordinal))) writer.Copy(element);
        writer.Begin(BsonType.Array, "writeErrors");
        foreach (var error in errors) writer.Copy(error);
        for (var i = 0; i < _failed; i++)
        {
            writer.Begin(BsonType.Document, $"{errors.Count + i}")
                .Int32("index", _kept + i).Int32("code", _fault.Code).Text("errmsg", "as the test wanted").End();
        }
        return writer.End().Close();
    }

    /// <summary>The answer to a write of which nothing is carried out.</summary>
    public BsonDocument Nothing() => Complete(new BsonWriter().Double("ok", 1).Int32("n", 0).Int32("nModified", 0).Close());
}
