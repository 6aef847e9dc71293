using System.Globalization;
using System.Text;
using SQLitePCL;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Writing;

/// <summary>
/// Two functions that merge statements call on a conflict: <c>_tidemark_newer(stored, new)</c> lets newer versions through, <c>_tidemark_met()</c> lets all through.
/// Both leave word that there was a conflict: it tells an updated row from an inserted one, for SQLite counts both as one change.
/// </summary>
internal sealed class CursorGuard
{
    public const string Newer = "_tidemark_newer";
    public const string Met = "_tidemark_met";

    public CursorGuard(Database database, Func<string, string, int?> compare)
    {
        Compare = compare;
        database.CreateFunction(Met, 0, (context, _, _) =>
        {
            Conflicts++;
            raw.sqlite3_result_int(context, 1);
        });
        database.CreateFunction(Newer, 2, (context, _, arguments) =>
        {
            Conflicts++;
            var older = IsOlder(arguments[1], arguments[0]);
            if (older) HeldBack++;
            raw.sqlite3_result_int(context, older ? 0 : 1);
        });
    }

    /// <summary>Compares two versions: below 0 if the first is older; null if they can't be compared.</summary>
    public Func<string, string, int?> Compare { get; }

    /// <summary>How many records met a row of their key that differs.</summary>
    public int Conflicts { get; private set; }

    /// <summary>How many of these were held back.</summary>
    public int HeldBack { get; private set; }

    /// <summary>Forgets the last statement.</summary>
    public void Reset() => Conflicts = HeldBack = 0;

    // What can't be compared is not older.
    private bool IsOlder(string? version, string? than) => version is not null && than is not null && Compare(version, than) < 0;

    private bool IsOlder(sqlite3_value version, sqlite3_value than)
    {
        if (raw.sqlite3_value_type(version) == raw.SQLITE_TEXT && raw.sqlite3_value_type(than) == raw.SQLITE_TEXT
            && raw.sqlite3_value_blob(version).SequenceEqual(raw.sqlite3_value_blob(than))) return false;
        return IsOlder(Text(version), Text(than));
    }

    private static string? Text(sqlite3_value value) => raw.sqlite3_value_type(value) switch
    {
        raw.SQLITE_INTEGER => raw.sqlite3_value_int64(value).ToString(CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT => raw.sqlite3_value_double(value).ToString("R", CultureInfo.InvariantCulture),
        raw.SQLITE_TEXT => Encoding.UTF8.GetString(raw.sqlite3_value_blob(value)),
        _ => null,
    };
}
