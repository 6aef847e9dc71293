namespace Tidemark.MongoDb.Native;

/// <summary>A cursor over documents.</summary>
internal sealed class CursorHandle() : DriverHandle(LibMongoc.DestroyCursor);
