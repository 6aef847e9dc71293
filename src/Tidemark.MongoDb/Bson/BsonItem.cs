namespace Tidemark.MongoDb.Bson;

/// <summary>Writes a value of a list.</summary>
/// <param name="writer">Where.</param>
/// <param name="name">Its name.</param>
/// <param name="value">What it is made of.</param>
internal delegate void BsonItem<in T>(BsonWriter writer, ReadOnlySpan<byte> name, T value);
