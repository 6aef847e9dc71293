using System.Globalization;
using SQLitePCL;
using Tidemark.Records;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>What SQL needs to turn stored values into text without losing any digit.</summary>
internal static class ConversionFunctions
{
    private const string AsText = "_tidemark_text";

    /// <summary>Registers the functions on a connection.</summary>
    public static void AddTo(Database database) => database.CreateFunction(AsText, 2, static (context, _, arguments) =>
    {
        var value = arguments[0];
        switch (raw.sqlite3_value_type(value))
        {
            case raw.SQLITE_INTEGER:
                var number = raw.sqlite3_value_int64(value);
                var isBoolean = raw.sqlite3_value_int(arguments[1]) == (int)ColumnType.Boolean;
                raw.sqlite3_result_text(context, isBoolean && number is 0 or 1 ? number == 1 ? "true" : "false" : number.ToString(CultureInfo.InvariantCulture));
                break;
            case raw.SQLITE_FLOAT:
                raw.sqlite3_result_text(context, raw.sqlite3_value_double(value).ToString("R", CultureInfo.InvariantCulture));
                break;
            case raw.SQLITE_BLOB:
                raw.sqlite3_result_text(context, Convert.ToBase64String(raw.sqlite3_value_blob(value)));
                break;
            case raw.SQLITE_TEXT when raw.sqlite3_value_bytes(value) == 0:
                raw.sqlite3_result_text(context, "");
                break;
            case raw.SQLITE_TEXT:
                raw.sqlite3_result_text(context, raw.sqlite3_value_blob(value));
                break;
            default:
                raw.sqlite3_result_null(context);
                break;
        }
    });

    /// <summary>An expression for a column's values as another type stores them.</summary>
    /// <param name="column">The quoted column.</param>
    /// <param name="from">Its type.</param>
    /// <param name="to">The other type.</param>
    public static string Expression(string column, ColumnType? from, ColumnType? to) =>
        to == ColumnType.Text && from is not (null or ColumnType.Text or ColumnType.Json) ? $"{AsText}({column}, {(int)from})" : column;
}
