using Tidemark.Records;

namespace Tidemark.Sources.Files;

/// <summary>Whole records as they stand in a file.</summary>
/// <param name="Bytes">The bytes; whoever takes the chunk disposes them.</param>
/// <param name="Offset">Where they start in the file, unpacked.</param>
/// <param name="Line">On which line, from 1.</param>
/// <param name="NextLine">The line on which the next chunk starts.</param>
/// <param name="IsLast">True if nothing follows.</param>
internal sealed record RecordChunk(PooledBuffer Bytes, long Offset, long Line, long NextLine, bool IsLast);
