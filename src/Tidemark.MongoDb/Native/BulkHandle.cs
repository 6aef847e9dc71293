namespace Tidemark.MongoDb.Native;

/// <summary>Writes that are sent together.</summary>
internal sealed class BulkHandle() : DriverHandle(LibMongoc.DestroyBulk);
