using System.Globalization;
using System.Text;

namespace Tidemark.Simulators.GraphQl;

/// <summary>Cuts a query document into tokens.</summary>
internal sealed class Tokenizer(string text)
{
    private int _position;
    private int _line = 1;
    private int _lineStart;

    public GraphQlToken Next()
    {
        SkipIgnored();
        var (line, column) = (_line, _position - _lineStart + 1);
        if (_position == text.Length)
            return new GraphQlToken(TokenKind.End, "end of the query", line, column);

        var first = text[_position];
        if (first == '"')
            return new GraphQlToken(TokenKind.String, ReadString(), line, column);
        if (char.IsAsciiLetter(first) || first == '_')
            return new GraphQlToken(TokenKind.Name, Take(static c => char.IsAsciiLetterOrDigit(c) || c == '_'), line, column);
        if (char.IsAsciiDigit(first) || first == '-')
        {
            var number = Take(static c => char.IsAsciiDigit(c) || c is '-' or '+' or '.' or 'e' or 'E');
            return new GraphQlToken(number.AsSpan().IndexOfAny(".eE") < 0 ? TokenKind.Int : TokenKind.Float, number, line, column);
        }

        var width = text.AsSpan(_position).StartsWith("...", StringComparison.Ordinal) ? 3 : 1;
        if (width == 1 && !"!$&():=@[]{|}".Contains(first, StringComparison.Ordinal))
            throw Unexpected($"'{first}'");
        _position += width;
        return new GraphQlToken(TokenKind.Punctuator, text.Substring(_position - width, width), line, column);
    }

    private void SkipIgnored()
    {
        for (; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case '\n':
                    _line++;
                    _lineStart = _position + 1;
                    break;
                case '#':
                    while (_position + 1 < text.Length && text[_position + 1] != '\n')
                        _position++;
                    break;
                case ' ' or '\t' or '\r' or ',' or '\uFEFF':
                    break;
                default:
                    return;
            }
        }
    }

    private string Take(Func<char, bool> belongs)
    {
        var start = _position;
        while (_position < text.Length && belongs(text[_position]))
            _position++;
        return text[start.._position];
    }

    private string ReadString()
    {
        if (text.AsSpan(_position).StartsWith("\"\"\"", StringComparison.Ordinal))
            throw Unexpected("a block string, which this simulator does not read");

        var value = new StringBuilder();
        for (_position++; _position < text.Length; _position++)
        {
            switch (text[_position])
            {
                case '"':
                    _position++;
                    return value.ToString();
                case '\n':
                    throw Unexpected("a line end in a string");
                case '\\' when _position + 1 < text.Length:
                    _position++;
                    value.Append(Escaped());
                    break;
                case var plain:
                    value.Append(plain);
                    break;
            }
        }

        throw Unexpected("the end of the query in a string");
    }

    private char Escaped()
    {
        switch (text[_position])
        {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case 'b': return '\b';
            case 'f': return '\f';
            case '"' or '\\' or '/': return text[_position];
            case 'u' when _position + 4 < text.Length
                && ushort.TryParse(text.AsSpan(_position + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                _position += 4;
                return (char)unit;
            default:
                throw Unexpected($"the escape '\\{text[_position]}'");
        }
    }

    private GraphQlException Unexpected(string found) =>
        new($"Parse error: unexpected {found} at [{_line}, {_position - _lineStart + 1}]");
}
