namespace Tidemark.MongoDb.Native;

/// <summary>An address that the driver has read.</summary>
internal sealed class UriHandle() : DriverHandle(LibMongoc.DestroyUri);
