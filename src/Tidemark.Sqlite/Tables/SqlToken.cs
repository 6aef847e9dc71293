namespace Tidemark.Sqlite.Tables;

/// <summary>A piece of a statement; comments and blanks are none.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">Behind its last one.</param>
/// <param name="Quoted">True for a quoted name or a literal.</param>
/// <param name="Depth">How many parentheses are open around it.</param>
internal readonly record struct SqlToken(int Start, int End, bool Quoted, int Depth)
{
    /// <summary>Takes a statement apart.</summary>
    public static List<SqlToken> Split(string sql)
    {
        var tokens = new List<SqlToken>();
        var depth = 0;
        for (var i = 0; i < sql.Length;)
        {
            var c = sql[i];
            var start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }
            if (sql.AsSpan(i).StartsWith("--"))
            {
                i = Behind(sql, "\n", i);
                continue;
            }
            if (sql.AsSpan(i).StartsWith("/*"))
            {
                i = Behind(sql, "*/", i + 2);
                continue;
            }
            if (c == ')') depth--;
            if (c is '"' or '\'' or '`' or '[')
            {
                i = EndOfQuoted(sql, i);
                tokens.Add(new SqlToken(start, i, Quoted: true, depth));
                continue;
            }
            i++;
            while (IsWord(c) && i < sql.Length && IsWord(sql[i])) i++;
            tokens.Add(new SqlToken(start, i, Quoted: false, depth));
            if (c == '(') depth++;
        }
        return tokens;
    }

    /// <summary>The piece as it stands.</summary>
    public string In(string sql) => sql[Start..End];

    /// <summary>True for an unquoted word.</summary>
    public bool Is(string sql, string word) => !Quoted && sql.AsSpan(Start, End - Start).Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name that it stands for.</summary>
    public string Name(string sql)
    {
        if (!Quoted) return In(sql);
        var inner = sql[(Start + 1)..(End - 1)];
        var quote = sql[Start];
        return quote == '[' ? inner : inner.Replace(new string(quote, 2), quote.ToString(), StringComparison.Ordinal);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c > 127;

    private static int Behind(string sql, string mark, int from)
    {
        var at = sql.IndexOf(mark, from, StringComparison.Ordinal);
        return at < 0 ? sql.Length : at + mark.Length;
    }

    private static int EndOfQuoted(string sql, int start)
    {
        var close = sql[start] == '[' ? ']' : sql[start];
        for (var i = start + 1; i < sql.Length; i++)
        {
            if (sql[i] != close) continue;
            if (close == ']' || i + 1 >= sql.Length || sql[i + 1] != close) return i + 1;
            i++;
        }
        return sql.Length;
    }
}
