using Tidemark.Destinations;

namespace Tidemark.Cli.Output;

/// <summary>What comparing a stream's table with its declaration has told.</summary>
/// <param name="Target">The stream.</param>
/// <param name="Table">Its table; null: there is none, or it could not be read.</param>
/// <param name="Differences">In what they differ.</param>
/// <param name="Error">Why the table could not be read; null: it could.</param>
internal sealed record Verified(StreamTarget Target, TableDescription? Table, IReadOnlyList<SchemaDifference> Differences, string? Error);
