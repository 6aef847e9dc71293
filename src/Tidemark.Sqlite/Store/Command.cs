using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Tidemark.Sqlite.Store;

/// <summary>Short forms for the store's commands.</summary>
internal static class Command
{
    /// <summary>A command with its parameters; null becomes NULL.</summary>
    public static SqliteCommand Of(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    /// <summary>A point in time that sorts as text.</summary>
    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A name of an enumeration as it is kept.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static DateTimeOffset Time(SqliteDataReader row, int column) => DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture);

    public static T Name<T>(SqliteDataReader row, int column) where T : struct, Enum => Enum.Parse<T>(row.GetString(column).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    public static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
