using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Tidemark.Sqlite.Native;

/// <summary>One connection, with the settings that everything here relies on. Used by one task; calls are short and run inline.</summary>
internal sealed class Database : IDisposable
{
    // Beyond this, a locked database is a temporary error.
    private const int BusyTimeoutMs = 5000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;

    private Database(SqliteConnection connection, string path)
    {
        _connection = connection;
        _handle = connection.Handle!;
        Path = path;
    }

    /// <summary>The version of SQLite that comes along.</summary>
    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    public string Path { get; }

    /// <summary>False after an error that made SQLite roll back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>How many rows the last INSERT, UPDATE or DELETE changed.</summary>
    public long Changes => raw.sqlite3_changes(_handle);

    /// <summary>How many columns a table may have.</summary>
    public int MaxColumns => raw.sqlite3_limit(_handle, raw.SQLITE_LIMIT_COLUMN, -1);

    static Database() => Batteries_V2.Init();

    /// <summary>Opens a file that is written: WAL, an fsync at each commit, foreign keys held.</summary>
    public static Database OpenWritable(string path, bool create = true)
    {
        var database = Open(path, create ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite);
        try
        {
            database.Execute("PRAGMA journal_mode=WAL");
            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA foreign_keys=ON");
            // KiB. The operating system caches the file as well: four times as much made nothing faster, in key order or not.
            database.Execute("PRAGMA cache_size=-16384");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is there, to read.</summary>
    public static Database OpenReadable(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>A statement that lives until it is disposed.</summary>
    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new Statement(this, statement);
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

    public void Dispose() => _connection.Dispose();

    private static Database Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            var database = new Database(connection, path);
            raw.sqlite3_extended_result_codes(database._handle, 1);
            raw.sqlite3_busy_timeout(database._handle, BusyTimeoutMs);
            return database;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteError.Of(e.SqliteExtendedErrorCode, e.Message, path, e);
        }
    }
}
