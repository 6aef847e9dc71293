namespace Tidemark.MongoDb.Native;

/// <summary>A collection, as a client sees it.</summary>
internal sealed class CollectionHandle() : DriverHandle(LibMongoc.DestroyCollection);
