using Tidemark.Records;

namespace Tidemark.Lookups;

/// <summary>A column that an answer fills.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Path">Where its value is; null: under its name, or, of the request, all parameters as an object.</param>
/// <param name="Type">Its type.</param>
/// <param name="FromRequest">True if the value is one of the request's, false if it is the answer's.</param>
public sealed record LookupColumn(string Name, JsonPath? Path, ColumnType Type, bool FromRequest = false);
