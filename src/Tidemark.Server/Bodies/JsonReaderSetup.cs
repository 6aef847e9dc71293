namespace Tidemark.Server.Bodies;

/// <summary>What is looked for in a JSON document.</summary>
/// <param name="Path">The names that lead to the list of records; empty: the document is the list, has it as its member <c>records</c>, or is the only record.</param>
/// <param name="Wanted">Members of the document that are kept beside the records.</param>
/// <param name="Needed">Those of them without which no record can be given out.</param>
/// <param name="MaxRecord">Bytes of a record.</param>
/// <param name="MaxDepth">How deep a record may be nested.</param>
internal sealed record JsonReaderSetup(IReadOnlyList<string> Path, IReadOnlyList<string> Wanted, IReadOnlyList<string> Needed, long MaxRecord, int MaxDepth);
