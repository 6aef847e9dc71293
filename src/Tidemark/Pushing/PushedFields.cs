using System.Text;
using System.Text.Json;
using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Pushing;

/// <summary>What a target asks of a record: which table it goes to, its key, what it refers to. Owned by one task; it holds the fields of the record that was read last.</summary>
internal sealed class PushedFields
{
    private readonly RuledFields _fields = new();
    private readonly PushTarget _target;
    private readonly (string Name, int Field)[][] _keys;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);

    public PushedFields(PushTarget target)
    {
        _target = target;
        _keys = [.. target.Routes.Select(r => KeyOf(r).ToArray())];
        foreach (var route in target.Routes.Where(r => r.When is not null)) Ask(route.When!);
        foreach (var rule in target.References)
        {
            if (rule.Scope == ReferenceScope.Record) Ask(rule.Value);
            foreach (var filter in rule.Where.Where(f => f.RecordField is not null)) Ask(filter.RecordField!);
            foreach (var name in MessageText.FieldsOf(rule.Message)) Ask(name);
        }
    }

    /// <summary>Reads a record; false if it is none.</summary>
    public bool Read(ReadOnlySpan<byte> record)
    {
        try
        {
            return _fields.Find(record);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A field of the record; it must have been asked for.</summary>
    /// <exception cref="InvalidOperationException">Its text has escapes that are no character.</exception>
    public FieldValue Of(ReadOnlySpan<byte> record, string name) => _byName.TryGetValue(name, out var field) ? _fields.Of(record, field) : default;

    /// <summary>The table that the record goes to; below 0: none.</summary>
    public int RouteOf(ReadOnlySpan<byte> record)
    {
        for (var i = 0; i < _target.Routes.Count; i++)
        {
            if (_target.Routes[i].When is not { } when || !Of(record, when).IsNothing) return i;
        }
        return -1;
    }

    /// <summary>What is wrong with the record's key, as far as it is there; null: nothing.</summary>
    public string? MisfitOfKey(ReadOnlySpan<byte> record, int route)
    {
        foreach (var (name, field) in _keys[route])
        {
            var value = _fields.Of(record, field);
            if (!value.IsNothing && !value.IsScalar) return $"found {value.Describe()} in '{name}', which is part of the primary key; expected a text, a number or a boolean";
        }
        return null;
    }

    /// <summary>The record's primary key in words; null: it has none that can be read.</summary>
    public string? KeyText(ReadOnlySpan<byte> record, int route)
    {
        if (route < 0 || _keys[route].Length == 0) return null;
        var text = new StringBuilder();
        try
        {
            foreach (var (_, field) in _keys[route])
            {
                var value = _fields.Of(record, field);
                if (!value.IsScalar) return null;
                text.Append(text.Length == 0 ? "" : ",").Append(Encoding.UTF8.GetString(value.Text));
            }
        }
        catch (InvalidOperationException)
        {
            return null;
        }
        return text.ToString();
    }

    private IEnumerable<(string Name, int Field)> KeyOf(PushRoute route)
    {
        foreach (var name in route.Target.Schema.PrimaryKey)
        {
            var path = route.Target.Schema.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal))?.Path ?? JsonPath.OfField(name);
            if (path.IsField) yield return (name, _fields.Ask(path));
        }
    }

    private void Ask(string name) => _byName[name] = _fields.Ask(JsonPath.OfField(name));
}
