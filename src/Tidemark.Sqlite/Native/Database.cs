using SQLitePCL;

namespace Tidemark.Sqlite.Native;

/// <summary>One connection, with the settings that everything here relies on. Used by one task; calls are short and run inline.</summary>
internal sealed class Database : IDisposable
{
    // Beyond this, a locked database is a temporary error.
    private const int BusyTimeoutMs = 5000;

    private readonly sqlite3 _handle;

    private Database(sqlite3 handle, string path) => (_handle, Path) = (handle, path);

    /// <summary>The version of SQLite that comes along.</summary>
    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    public string Path { get; }

    /// <summary>False after an error that made SQLite roll back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>How many rows the last INSERT, UPDATE or DELETE changed.</summary>
    public long Changes => HotCalls.Changes(_handle.DangerousGetHandle());

    /// <summary>The number of the row that the last INSERT made, if it made one.</summary>
    public long LastRowId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>How many columns a table may have.</summary>
    public int MaxColumns => raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_COLUMN, -1);

    static Database() => Batteries_V2.Init();

    /// <summary>Opens a file that is written: WAL, an fsync at each commit, foreign keys held.</summary>
    public static Database OpenWritable(string path, bool create = true)
    {
        var database = Open(path, raw.SQLITE_OPEN_READWRITE | (create ? raw.SQLITE_OPEN_CREATE : 0));
        try
        {
            database.UseWriteAheadLog();
            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA foreign_keys=ON");
            // KiB. The operating system caches the file as well: more made nothing faster in key order, and a million rows in random order by a few percent.
            database.Execute("PRAGMA cache_size=-12288");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is there, to read.</summary>
    public static Database OpenReadable(string path) => Open(path, raw.SQLITE_OPEN_READONLY);

    /// <summary>Opens a database that is nowhere but in memory, and gone when it is closed.</summary>
    public static Database OpenInMemory() => Open(":memory:", raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);

    /// <summary>A statement that lives until it is disposed.</summary>
    public Statement Prepare(string sql, int textRoom = 0)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new Statement(this, statement, textRoom);
    }

    /// <summary>Runs statements without parameters.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Runs one statement.</summary>
    public void Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = Prepare(sql);
        statement.With(values).Run();
    }

    /// <summary>The first value of the first row; null if there is none.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = Prepare(sql);
        return statement.With(values).Step() ? statement.Value(0) : null;
    }

    public long Count(string sql, params ReadOnlySpan<object?> values) => Scalar(sql, values) is long count ? count : 0;

    public bool Exists(string sql, params ReadOnlySpan<object?> values) => Scalar(sql, values) is not null;

    /// <summary>All rows, for results that are known to be small.</summary>
    public List<object?[]> Rows(string sql, params ReadOnlySpan<object?> values)
    {
        using var statement = Prepare(sql);
        statement.With(values);
        var rows = new List<object?[]>();
        while (statement.Step())
        {
            var row = new object?[statement.ColumnCount];
            for (var i = 0; i < row.Length; i++) row[i] = statement.Value(i);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>Registers a function of SQL; its answer may differ from call to call.</summary>
    public void CreateFunction(string name, int arguments, delegate_function_scalar function) =>
        Check(raw.sqlite3_create_function(_handle, name, arguments, raw.SQLITE_UTF8, null, function));

    /// <summary>Throws unless the code is 0.</summary>
    public void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Error(code);
    }

    public SqliteError Error(int code) => SqliteError.Of(code, raw.sqlite3_errmsg(_handle).utf8_to_string(), Path);

    public void Dispose() => _handle.Dispose();

    // A new file changes to WAL once; who comes second is told SQLITE_BUSY at once, without the busy timeout.
    private void UseWriteAheadLog()
    {
        var code = raw.SQLITE_OK;
        SpinWait.SpinUntil(() => !IsBusy(code = raw.sqlite3_exec(_handle, "PRAGMA journal_mode=WAL")), BusyTimeoutMs);
        Check(code);
    }

    private static bool IsBusy(int code) => (code & 0xFF) == raw.SQLITE_BUSY;

    private static Database Open(string path, int flags)
    {
        // Without mutex, as only one task at a time uses a connection: with one, each bound value would take and release it.
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new Database(handle, path);
        if (code != raw.SQLITE_OK)
        {
            var error = database.Error(code);
            database.Dispose();
            throw error;
        }
        raw.sqlite3_extended_result_codes(handle, 1);
        raw.sqlite3_busy_timeout(handle, BusyTimeoutMs);
        return database;
    }
}
