using System.Text;

namespace Tidemark.Configuration;

/// <summary>One line of a <c>.env</c> file that is neither empty nor a comment.</summary>
internal static class DotEnvLine
{
    /// <summary>Reads <c>KEY=VALUE</c>: name and value, or what is wrong and at which position. The value is never part of a message.</summary>
    /// <param name="line">The line.</param>
    /// <param name="start">Where the name starts.</param>
    public static (string Name, string Value, string? Wrong, int At) Read(string line, int start)
    {
        var equals = line.IndexOf('=', start);
        if (equals < 0) return Fail("expected KEY=VALUE, or # before a comment", start);
        var name = line[start..equals].TrimEnd();
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            return Fail("expected a name of letters, digits and '_' before '='", start);
        var at = equals + 1;
        while (at < line.Length && line[at] is ' ' or '\t') at++;
        if (at == line.Length) return (name, "", null, 0);
        return line[at] switch
        {
            '\'' => Quoted(name, line, at),
            '"' => DoubleQuoted(name, line, at),
            _ => (name, Unquoted(line, at), null, 0),
        };
    }

    private static string Unquoted(string line, int at)
    {
        for (var i = at; i < line.Length; i++)
        {
            if (line[i] == '#' && line[i - 1] is ' ' or '\t') return line[at..i].TrimEnd();
        }
        return line[at..];
    }

    private static (string Name, string Value, string? Wrong, int At) Quoted(string name, string line, int open)
    {
        var close = line.IndexOf('\'', open + 1);
        return close < 0 ? Fail($"the closing ' of {name} is missing", open) : Closed(name, line[(open + 1)..close], line, close);
    }

    private static (string Name, string Value, string? Wrong, int At) DoubleQuoted(string name, string line, int open)
    {
        var value = new StringBuilder();
        for (var i = open + 1; i < line.Length; i++)
        {
            if (line[i] == '"') return Closed(name, value.ToString(), line, i);
            if (line[i] != '\\')
            {
                value.Append(line[i]);
                continue;
            }
            if (++i == line.Length) break;
            char? escaped = line[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '"' or '\\' or '$' => line[i], _ => null };
            if (escaped is null) return Fail($"found an unknown escape in {name}, expected \\n, \\r, \\t, \\\", \\$ or \\\\; single quotes keep everything as it is", i - 1);
            value.Append(escaped);
        }
        return Fail($"the closing \" of {name} is missing", open);
    }

    private static (string Name, string Value, string? Wrong, int At) Closed(string name, string value, string line, int close)
    {
        var rest = line.AsSpan(close + 1).TrimStart();
        return rest.Length == 0 || rest[0] == '#' ? (name, value, null, 0) : Fail($"expected the end of the line after the value of {name}", close + 1);
    }

    private static (string Name, string Value, string? Wrong, int At) Fail(string wrong, int at) => ("", "", wrong, at);
}
