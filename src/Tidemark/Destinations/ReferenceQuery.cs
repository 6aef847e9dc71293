using Tidemark.Records;

namespace Tidemark.Destinations;

/// <summary>Asks which rows are there: all values of a gathered write, for one reference, at once.</summary>
/// <param name="Table">The table, as the user wrote it.</param>
/// <param name="Columns">Columns of it: the one that is matched, then those of filters. At least one.</param>
/// <param name="Tuples">Different values of these columns, in their order.</param>
/// <remarks>
/// Values are compared as the column's own type reads them: the text <c>"17"</c> finds the number 17 in a column of numbers, and a value that the type can't read is not
/// there. A document store compares them as they are.
/// </remarks>
public sealed record ReferenceQuery(string Table, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<ScalarValue>> Tuples);
