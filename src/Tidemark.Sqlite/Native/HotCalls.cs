using System.Runtime.InteropServices;

namespace Tidemark.Sqlite.Native;

/// <summary>
/// The few functions that each written value or row calls, straight in the library that SQLitePCL has loaded: its safe handles and its provider cost more than these functions do.
/// The caller keeps the safe handle of the statement alive.
/// </summary>
/// <remarks>
/// Those that only set a few words run without the garbage collector's consent: they take no lock (see <see cref="Database"/>), read no file and call nothing back.
/// </remarks>
internal static unsafe partial class HotCalls
{
    private const string Library = "e_sqlite3";

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindInteger(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition]
    public static partial int BindDouble(nint statement, int index, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    /// <summary>Binds a text that stays where it is until another one is bound: <paramref name="destructor"/> is 0, and nothing is copied.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
    public static partial int BindText(nint statement, int index, byte* utf8, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    /// <summary>Resets a statement that has come to its end or failed: what it did is done or undone by then.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_reset"), SuppressGCTransition]
    public static partial int ResetEnded(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_changes"), SuppressGCTransition]
    public static partial int Changes(nint database);
}
