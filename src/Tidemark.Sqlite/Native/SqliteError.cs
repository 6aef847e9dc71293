using SQLitePCL;
using Tidemark.Destinations;

namespace Tidemark.Sqlite.Native;

/// <summary>An error that SQLite reported, with what it means for the engine.</summary>
internal sealed class SqliteError(DestinationFault fault, int code, string message, Exception? innerException = null) : DestinationException(fault, message, innerException)
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>Makes the error of a result code.</summary>
    /// <param name="code">The extended result code.</param>
    /// <param name="detail">SQLite's own message.</param>
    /// <param name="path">The file.</param>
    /// <param name="innerException">The cause.</param>
    public static SqliteError Of(int code, string detail, string path, Exception? innerException = null)
    {
        var (fault, advice) = (code & 0xff) switch
        {
            raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH => (DestinationFault.Record, ""),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => (DestinationFault.Temporary, "; another connection holds the database"),
            raw.SQLITE_FULL => (DestinationFault.Fatal, "; the disk or the database's page limit is full: make room, then run again"),
            raw.SQLITE_IOERR => (DestinationFault.Fatal, "; the disk or the file system failed: check it, then run again"),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => (DestinationFault.Fatal, "; give the process the right to write the file and its directory"),
            raw.SQLITE_CANTOPEN => (DestinationFault.Fatal, "; check that the directory exists and may be written"),
            raw.SQLITE_CORRUPT => (DestinationFault.Fatal, "; the file is damaged: restore a backup, or recover it with sqlite3's .recover"),
            raw.SQLITE_NOTADB => (DestinationFault.Fatal, "; the file is not an SQLite database: name another path"),
            _ => (DestinationFault.Fatal, ""),
        };
        var message = fault == DestinationFault.Record ? $"the database refuses a record: {detail}" : $"'{path}': {detail}{advice}";
        return new SqliteError(fault, code, message, innerException);
    }
}
