namespace Tidemark.Lookups;

/// <summary>How one call asks for several keys.</summary>
/// <param name="Param">The parameter whose values stand side by side, with commas between; in all others the keys of a call agree.</param>
/// <param name="Size">How many keys a call asks for at most, 1 to 10 000.</param>
/// <param name="Match">Where in an answer the value of that parameter is: a name or a path.</param>
public sealed record LookupBatch(string Param, int Size, string Match);
