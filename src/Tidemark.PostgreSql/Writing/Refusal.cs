using System.Text.RegularExpressions;
using Npgsql;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Writing;

/// <summary>What the server's refusal of rows is about, where its own words leave that out.</summary>
internal static partial class Refusal
{
    /// <summary>Names the columns that a value's error must be about: the one that COPY was at, or those of the type that the error names.</summary>
    public static PgError WithColumns(PgError e, RowLayout layout)
    {
        if (e.Fault != DestinationFault.Record || e.InnerException is not PostgresException { ColumnName: null } server) return e;
        var names = server.Where is { } where && CopiedColumn().Match(where) is { Success: true } copied ? [NameOf(copied.Groups["column"].Value, layout)] : NamesByType(server, layout);
        return names switch
        {
            [] => e,
            [var only] => new PgError(e.Fault, e.State, $"{e.Message}; column '{only}'", e.InnerException),
            _ => new PgError(e.Fault, e.State, $"{e.Message}; one of the columns '{string.Join("', '", names)}'", e.InnerException),
        };
    }

    /// <summary>The error of rows that are neither seen nor written.</summary>
    public static DestinationException Hidden(Tables.TableName table) => new(DestinationFault.Fatal,
        $"row-level security hides rows of '{table}' that have the keys of records, or keeps them as they are: give the user BYPASSRLS, or policies for SELECT, INSERT and UPDATE on all rows that the stream writes");

    /// <summary>Names the stream's table: where rows are put aside the server speaks of a table of ours, and in some errors of none.</summary>
    public static PgError WithTable(PgError e, PgStreamTables tables)
    {
        var message = e.Message.Replace(tables.Stage.Name.Name, tables.Main.Name.Name, StringComparison.Ordinal);
        if (e.Fault == DestinationFault.Fatal) message = $"the table '{tables.Main.Name}' can't be written: {message}";
        return string.Equals(message, e.Message, StringComparison.Ordinal) ? e : new PgError(e.Fault, e.State, message, e.InnerException);
    }

    /// <summary>Names the tables that can't be written.</summary>
    public static PgError OfTables(PgError e, IReadOnlyList<Tables.TableName> tables) =>
        new(e.Fault, e.State, $"the {(tables.Count == 1 ? "table" : "tables")} '{string.Join("', '", tables)}' can't be written: {e.Message}", e.InnerException);

    private static string NameOf(string copied, RowLayout layout)
    {
        foreach (var column in layout.Columns)
        {
            if (string.Equals(column.Name, copied, StringComparison.Ordinal) || string.Equals(column.Presence, copied, StringComparison.Ordinal)) return column.Target.Name;
        }
        return copied;
    }

    // Values of our own types are looked at before they are sent. Of types in the text the longest counts: "time" is in "timestamp" as well.
    private static List<string> NamesByType(PostgresException e, RowLayout layout)
    {
        var text = Quoted().Replace(e.MessageText, "");
        var precision = e.Detail is { } detail && NumericPrecision().Match(detail) is { Success: true } found ? $"numeric({found.Groups["precision"].Value},{found.Groups["scale"].Value})" : null;
        var (names, longest) = (new List<string>(), 0);
        foreach (var column in layout.Columns)
        {
            if (column.Target.Type is not null) continue;
            foreach (var type in new[] { column.Target.SqlType, column.Target.BaseType })
            {
                if (type is null || type.Length < longest || !(text.Contains(type, StringComparison.Ordinal) || string.Equals(type, precision, StringComparison.Ordinal))) continue;
                if (type.Length > longest) names.Clear();
                longest = type.Length;
                if (!names.Contains(column.Target.Name)) names.Add(column.Target.Name);
            }
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    [GeneratedRegex(@"^COPY .+, \S+ \d+, \S+ (?<column>.+?)(?:: .*)?$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CopiedColumn();

    [GeneratedRegex(@"precision (?<precision>\d+), scale (?<scale>\d+)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NumericPrecision();

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Quoted();
}
