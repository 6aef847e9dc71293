namespace Tidemark.Imports.Tests;

/// <summary>What a day of an import has left.</summary>
/// <param name="Status">How its run ended.</param>
/// <param name="ParkedUntil">When to come back.</param>
/// <param name="Kept">Records that were inserted, or failed.</param>
/// <param name="Read">Records that were read.</param>
/// <param name="Calls">Calls so far, as the simulator has counted them.</param>
/// <param name="Refused">How many of them it has refused.</param>
/// <param name="MostInMinute">The most of them in any minute.</param>
/// <param name="Small">Bytes held in small objects when it was over, after a collection.</param>
/// <param name="Held">Bytes held in all objects then.</param>
/// <param name="Committed">The most memory that the heap had until then.</param>
internal sealed record DayResult(string Status, DateTimeOffset? ParkedUntil, long Kept, long Read, long Calls, long Refused, long MostInMinute, long Small, long Held, long Committed);
