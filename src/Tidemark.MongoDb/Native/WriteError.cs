namespace Tidemark.MongoDb.Native;

/// <summary>A write of a bulk that the server has refused.</summary>
/// <param name="Index">Which, from 0.</param>
/// <param name="Code">The server's code.</param>
/// <param name="Message">In the server's words.</param>
internal readonly record struct WriteError(int Index, int Code, string Message);
