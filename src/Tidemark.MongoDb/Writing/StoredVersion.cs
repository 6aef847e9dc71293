using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Writing;

/// <summary>What is stored of a document's version.</summary>
/// <param name="Type">The type of its cursor value.</param>
/// <param name="Value">Its cursor value.</param>
/// <param name="Text">The same as text; null: it has none.</param>
/// <param name="IsMarked">True if it is marked as deleted.</param>
internal sealed record StoredVersion(BsonType Type, byte[] Value, string? Text, bool IsMarked)
{
    /// <summary>Of a document that is not there.</summary>
    public static StoredVersion None { get; } = new(BsonType.None, [], Text: null, IsMarked: false);
}
