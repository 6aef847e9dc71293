namespace Tidemark.Destinations;

/// <summary>Some rows of a table.</summary>
/// <param name="Columns">The names of the columns, ours excepted.</param>
/// <param name="Rows">The rows: null, <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/> or bytes.</param>
/// <param name="Total">How many rows the table has.</param>
public sealed record TableSample(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, long Total);
