namespace Tidemark.Pushing;

/// <summary>Where a record of a gathered write came from.</summary>
/// <param name="Post">Which post.</param>
/// <param name="Index">Its place there.</param>
internal readonly record struct RecordOrigin(int Post, int Index);
