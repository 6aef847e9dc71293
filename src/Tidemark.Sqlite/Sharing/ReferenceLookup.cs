using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Sharing;

/// <summary>Looks which rows are there.</summary>
internal static class ReferenceLookup
{
    /// <summary>For each tuple of a query, whether there is such a row.</summary>
    /// <exception cref="DestinationException">Its table or a column of it is not there.</exception>
    public static bool[] Find(Database database, ReferenceQuery query)
    {
        // With the table's name before it, a column that is not there is an error; alone it would be taken for a text.
        var where = query.Columns.Select((c, i) => $"t.{Sql.Quote(c)} = ?{i + 1}");
        using var select = Prepare(database, query, $"SELECT 1 FROM {Sql.Quote(query.Table)} AS t WHERE {string.Join(" AND ", where)} LIMIT 1");
        var found = new bool[query.Tuples.Count];
        for (var i = 0; i < found.Length; i++)
        {
            found[i] = select.With([.. query.Tuples[i].Select(ValueOf)]).Step();
            select.Reset();
        }
        return found;
    }

    private static Statement Prepare(Database database, ReferenceQuery query, string sql)
    {
        try
        {
            return database.Prepare(sql);
        }
        catch (SqliteError e) when (e.Fault == DestinationFault.Fatal)
        {
            throw new ReferenceException(query, e.Message, e);
        }
    }

    // The column's affinity makes of it what the column holds.
    private static object ValueOf(ScalarValue value) => value.Kind switch
    {
        ScalarKind.Boolean => string.Equals(value.Text, "true", StringComparison.Ordinal) ? 1L : 0L,
        ScalarKind.Number when long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        ScalarKind.Number when double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => value.Text,
    };
}
