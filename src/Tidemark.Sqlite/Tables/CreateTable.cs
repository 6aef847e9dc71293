using System.Text;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Tables;

/// <summary>
/// The CREATE TABLE statement of a table, so that it can be written again with another name or other column types while all else
/// that its maker asked for (constraints, defaults, collations) stays word for word.
/// </summary>
/// <remarks>The text comes from sqlite_schema, where it always starts with <c>CREATE TABLE name</c>.</remarks>
internal sealed class CreateTable
{
    private static readonly string[] AfterType = ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];

    private readonly string _sql;
    private readonly List<SqlToken> _tokens;
    private readonly int _open;
    private readonly int _close;

    public CreateTable(string sql)
    {
        _sql = sql;
        _tokens = SqlToken.Split(sql);
        _open = _tokens.FindIndex(t => t.Is(sql, "("));
        _close = _tokens.FindLastIndex(t => t.Is(sql, ")") && t.Depth == 0);
    }

    public bool Strict => HasOption("STRICT");

    public bool WithoutRowId => HasOption("ROWID");

    /// <summary>The statement for another table, with other types for some columns.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="types">Declared types by column name; an empty text takes the type away.</param>
    public string Rewrite(string name, IReadOnlyDictionary<string, string> types)
    {
        // From behind, so that positions stay right.
        var sql = new StringBuilder(_sql);
        foreach (var (start, end, text) in types.SelectMany(t => Edits(t.Key, t.Value)).OrderByDescending(e => e.Start))
            sql.Remove(start, end - start).Insert(start, text);
        var old = _tokens[_open - 1];
        return sql.Remove(old.Start, old.End - old.Start).Insert(old.Start, Sql.Quote(name)).ToString();
    }

    private IEnumerable<(int Start, int End, string Text)> Edits(string column, string type)
    {
        var first = Enumerable.Range(_open + 1, _close - _open - 1).FirstOrDefault(i => StartsItem(i) && Sql.SameName(_tokens[i].Name(_sql), column), -1);
        if (first < 0) throw new InvalidOperationException($"the column '{column}' was not found in: {_sql}");
        var next = first + 1;
        while (next < _close && !EndsItem(next) && !(_tokens[next].Depth == 1 && Array.Exists(AfterType, w => _tokens[next].Is(_sql, w)))) next++;
        yield return (_tokens[first].End, _tokens[next - 1].End, type.Length == 0 ? "" : " " + type);
        // Only an INTEGER PRIMARY KEY may carry this word.
        for (var i = next; i < _close && !EndsItem(i); i++)
        {
            if (_tokens[i].Is(_sql, "AUTOINCREMENT")) yield return (_tokens[i].Start, _tokens[i].End, "");
        }
    }

    private bool StartsItem(int index) => _tokens[index].Depth == 1 && (index == _open + 1 || EndsItem(index - 1));

    private bool EndsItem(int index) => _tokens[index].Depth == 1 && _tokens[index].Is(_sql, ",");

    private bool HasOption(string word) => _tokens.Skip(_close + 1).Any(t => t.Is(_sql, word));
}
