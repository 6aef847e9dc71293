namespace Tidemark.Destinations;

/// <summary>A table or a column that references are looked up in is not there. Nothing was written; it passes once somebody has made it.</summary>
/// <param name="query">What was asked.</param>
/// <param name="found">What is not there, in the database's words.</param>
/// <param name="innerException">The cause.</param>
public sealed class ReferenceException(ReferenceQuery query, string found, Exception? innerException = null) : DestinationException(DestinationFault.Fatal, Text(query, found), innerException)
{
    private static string Text(ReferenceQuery query, string found)
    {
        ArgumentNullException.ThrowIfNull(query);
        return $"references can't be looked up in '{query.Table}' ({string.Join(", ", query.Columns)}): {found}. Make the table and its columns, or mend the references of the endpoint";
    }
}
