namespace Tidemark.MongoDb.Native;

/// <summary>A pool of clients, with its threads that watch the servers.</summary>
internal sealed class PoolHandle() : DriverHandle(LibMongoc.DestroyPool);
