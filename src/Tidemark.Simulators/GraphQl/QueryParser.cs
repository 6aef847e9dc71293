using System.Globalization;

namespace Tidemark.Simulators.GraphQl;

/// <summary>Reads query documents: operations, variables, arguments, aliases, nested selections. No fragments, no directives.</summary>
internal sealed class QueryParser
{
    private readonly Tokenizer _tokens;
    private GraphQlToken _token;

    private QueryParser(string text)
    {
        _tokens = new Tokenizer(text);
        _token = _tokens.Next();
    }

    /// <exception cref="GraphQlException">The text is not such a document.</exception>
    public static IReadOnlyList<GraphQlOperation> Parse(string text)
    {
        var parser = new QueryParser(text);
        var operations = new List<GraphQlOperation>();
        while (parser._token.Kind != TokenKind.End)
            operations.Add(parser.ReadOperation());
        return operations;
    }

    private GraphQlOperation ReadOperation()
    {
        if (_token.Is("{"))
            return new GraphQlOperation("query", null, [], ReadSelections());
        if (_token is { Kind: TokenKind.Name, Text: "fragment" })
            throw new GraphQlException("Fragments are not read by this simulator");
        if (_token is not { Kind: TokenKind.Name, Text: "query" or "mutation" or "subscription" })
            throw Unexpected("query, mutation, subscription or '{'");

        var type = Advance().Text;
        var name = _token.Kind == TokenKind.Name ? Advance().Text : null;
        var variables = Taken("(") ? ReadUntil(")", ReadVariable) : [];
        return new GraphQlOperation(type, name, variables, ReadSelections());
    }

    private VariableDefinition ReadVariable()
    {
        Expect("$");
        var name = ExpectName();
        Expect(":");
        var type = ReadType();
        return new VariableDefinition(name, type, Taken("=") ? ReadValue() : null);
    }

    private string ReadType()
    {
        string type;
        if (Taken("["))
        {
            type = $"[{ReadType()}]";
            Expect("]");
        }
        else
        {
            type = ExpectName();
        }

        return Taken("!") ? type + "!" : type;
    }

    private List<FieldSelection> ReadSelections()
    {
        Expect("{");
        var selections = new List<FieldSelection>();
        foreach (var field in ReadUntil("}", ReadField))
        {
            var same = selections.Find(other => string.Equals(other.ResponseKey, field.ResponseKey, StringComparison.Ordinal));
            if (same is null)
                selections.Add(field);
            else if (!string.Equals(same.Name, field.Name, StringComparison.Ordinal) || field.Selections.Count + field.Arguments.Count > 0)
                throw new GraphQlException($"Field '{field.ResponseKey}' is selected twice, which this simulator does not merge");
        }

        return selections;
    }

    private FieldSelection ReadField()
    {
        if (_token.Is("..."))
            throw new GraphQlException("Fragments are not read by this simulator");

        var key = ExpectName();
        var name = Taken(":") ? ExpectName() : key;
        var arguments = Taken("(") ? ReadUntil(")", ReadMember) : [];
        if (_token.Is("@"))
            throw new GraphQlException("Directives are not read by this simulator");
        return new FieldSelection(key, name, arguments, _token.Is("{") ? ReadSelections() : []);
    }

    private KeyValuePair<string, GraphQlValue> ReadMember()
    {
        var name = ExpectName();
        Expect(":");
        return new KeyValuePair<string, GraphQlValue>(name, ReadValue());
    }

    private GraphQlValue ReadValue()
    {
        if (Taken("$"))
            return new GraphQlValue.VariableValue(ExpectName());
        if (Taken("["))
            return new GraphQlValue.ListValue(ReadAnyUntil("]", ReadValue));
        if (Taken("{"))
            return new GraphQlValue.ObjectValue(ReadAnyUntil("}", ReadMember));
        return new GraphQlValue.ConstantValue(ReadConstant());
    }

    private object? ReadConstant()
    {
        switch (_token.Kind)
        {
            case TokenKind.String:
                return Advance().Text;
            case TokenKind.Int when long.TryParse(_token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                Advance();
                return whole;
            case TokenKind.Float when double.TryParse(_token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                Advance();
                return number;
            case TokenKind.Name:
                return Advance().Text switch { "true" => true, "false" => false, "null" => null, var name => name };
            default:
                throw Unexpected("a value");
        }
    }

    private List<T> ReadAnyUntil<T>(string end, Func<T> readOne) => Taken(end) ? [] : ReadUntil(end, readOne);

    private List<T> ReadUntil<T>(string end, Func<T> readOne)
    {
        var items = new List<T>();
        do
        {
            items.Add(readOne());
        }
        while (!Taken(end));
        return items;
    }

    private bool Taken(string punctuator)
    {
        if (!_token.Is(punctuator))
            return false;
        Advance();
        return true;
    }

    private void Expect(string punctuator)
    {
        if (!Taken(punctuator))
            throw Unexpected($"'{punctuator}'");
    }

    private string ExpectName() => _token.Kind == TokenKind.Name ? Advance().Text : throw Unexpected("a name");

    private GraphQlToken Advance()
    {
        var token = _token;
        _token = _tokens.Next();
        return token;
    }

    private GraphQlException Unexpected(string expected) =>
        new($"Parse error: unexpected '{_token.Text}' at [{_token.Line}, {_token.Column}], expected {expected}");
}
