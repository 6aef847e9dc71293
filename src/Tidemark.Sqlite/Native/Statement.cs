using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Tidemark.Sqlite.Native;

/// <summary>A prepared statement without ADO.NET: text is bound from UTF-8 bytes, no string is made. Used by the task that owns the database.</summary>
/// <param name="database">The connection.</param>
/// <param name="handle">The statement.</param>
/// <param name="textRoom">Bytes of texts that are kept here for a run instead of by SQLite, which would allocate for each; if there are any, each run binds all its texts anew.</param>
internal sealed class Statement(Database database, sqlite3_stmt handle, int textRoom = 0) : IDisposable
{
    // Alive as long as the handle is, which this object holds.
    private readonly nint _pointer = handle.DangerousGetHandle();
    private readonly byte[] _texts = GC.AllocateUninitializedArray<byte>(textRoom, pinned: true);
    private int _used;

    public int ColumnCount => raw.sqlite3_column_count(handle);

    public int Bind(int index, long value) => HotCalls.BindInteger(_pointer, index, value);

    public int Bind(int index, double value) => HotCalls.BindDouble(_pointer, index, value);

    public int BindNull(int index) => HotCalls.BindNull(_pointer, index);

    public unsafe int BindText(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and SQLite takes a null address for NULL.
        if (utf8.Length >= _texts.Length - _used) return utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, "") : raw.sqlite3_bind_text(handle, index, utf8);
        utf8.CopyTo(_texts.AsSpan(_used));
        var text = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_texts)) + _used;
        _used += utf8.Length;
        return HotCalls.BindText(_pointer, index, text, utf8.Length, destructor: 0);
    }

    public int BindBlob(int index, ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, bytes);

    /// <summary>Binds values in order, from parameter 1.</summary>
    public Statement With(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            database.Check(values[i] switch
            {
                null => BindNull(i + 1),
                string text => BindText(i + 1, Encoding.UTF8.GetBytes(text)),
                long number => Bind(i + 1, number),
                int number => Bind(i + 1, number),
                bool truth => Bind(i + 1, truth ? 1 : 0),
                double number => Bind(i + 1, number),
                ReadOnlyMemory<byte> bytes => BindText(i + 1, bytes.Span),
                byte[] bytes => BindBlob(i + 1, bytes),
                var other => throw new ArgumentException($"no binding for {other.GetType()}", nameof(values)),
            });
        }
        return this;
    }

    /// <summary>Steps to the end and resets; the extended result code, 0 if all went well.</summary>
    public int TryRun()
    {
        var code = HotCalls.Step(_pointer);
        while (code == raw.SQLITE_ROW) code = HotCalls.Step(_pointer);
        // Reset repeats the error and keeps its message.
        _ = HotCalls.ResetEnded(_pointer);
        _used = 0;
        return code == raw.SQLITE_DONE ? raw.SQLITE_OK : code;
    }

    /// <summary>Steps to the end and resets.</summary>
    public void Run() => database.Check(TryRun());

    /// <summary>Moves to the next row; at the end, or when it fails, the statement is reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        raw.sqlite3_reset(handle);
        if (code != raw.SQLITE_DONE) database.Check(code);
        return false;
    }

    public void Reset()
    {
        raw.sqlite3_reset(handle);
        _used = 0;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(handle, column);

    public double Double(int column) => raw.sqlite3_column_double(handle, column);

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    /// <summary>A value as what it is stored as.</summary>
    public object? Value(int column) => raw.sqlite3_column_type(handle, column) switch
    {
        raw.SQLITE_NULL => null,
        raw.SQLITE_INTEGER => Integer(column),
        raw.SQLITE_FLOAT => Double(column),
        raw.SQLITE_TEXT => Text(column),
        _ => Bytes(column).ToArray(),
    };

    public void Dispose() => handle.Dispose();
}
