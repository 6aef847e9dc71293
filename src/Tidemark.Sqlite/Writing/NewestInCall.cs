using System.Text;
using Tidemark.Records;

namespace Tidemark.Sqlite.Writing;

/// <summary>
/// With <c>--full</c> older overwrites newer in the table, yet of several versions in one call still the newest wins: pages that shift bring a record twice.
/// </summary>
internal sealed class NewestInCall(RecordBatch batch, IReadOnlyList<BatchColumn> key, BatchColumn cursor, CursorGuard guard)
{
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);
    private readonly StringBuilder _name = new();

    /// <summary>True if no newer version of the record was seen in this call.</summary>
    public bool Take(int row)
    {
        if (CellBinder.TextOf(batch, cursor[row]) is not { } version) return true;
        _name.Clear();
        foreach (var column in key)
        {
            var text = CellBinder.TextOf(batch, column[row]) ?? "";
            _name.Append(text.Length).Append(':').Append(text);
        }
        var name = _name.ToString();
        if (_cursors.TryGetValue(name, out var newest) && guard.IsOlder(version, newest)) return false;
        _cursors[name] = version;
        return true;
    }
}
