using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Wire;

/// <summary>A command as a client sent it.</summary>
/// <param name="Id">What its answer refers to.</param>
/// <param name="IsLegacy">It came as OP_QUERY, as the first hello of older drivers does, and is answered by OP_REPLY.</param>
/// <param name="IsAnswered">The client waits for an answer.</param>
/// <param name="Body">The command: its name is that of the first element.</param>
/// <param name="Sequence">The documents that came beside the body, one after another, if any.</param>
/// <param name="SequenceName">What they would be called within the body.</param>
internal sealed record Request(int Id, bool IsLegacy, bool IsAnswered, BsonDocument Body, ReadOnlyMemory<byte>? Sequence, string? SequenceName)
{
    public string Name { get; } = Body.Elements.First().Name;

    /// <summary>The collection that most commands name first.</summary>
    public string Collection => Body.Elements.First().Text;

    public string Database => Body.Find("$db")?.Text ?? "admin";
}
