using System.Text;
using System.Text.Json;
using Tidemark.Records;
using Tidemark.Validation;

namespace Tidemark.Pushing;

/// <summary>What is taken from the JSON object around the records of a post. Owned by one task; it holds the fields of the request that was read last.</summary>
internal sealed class RequestFields
{
    private readonly RuledFields _fields = new();
    private readonly (string Name, int Field)[] _copied;
    private readonly Dictionary<string, int> _byName = new(StringComparer.Ordinal);
    private ReadOnlyMemory<byte> _request;

    /// <param name="target">What asks for fields.</param>
    public RequestFields(PushTarget target)
    {
        _copied = [.. target.Copy.Select(c => (c, Ask(c)))];
        foreach (var rule in target.References)
        {
            if (rule.Scope == ReferenceScope.Request) Ask(rule.Value);
            foreach (var filter in rule.Where.Where(f => f.RequestField is not null)) Ask(filter.RequestField!);
            foreach (var name in MessageText.FieldsOf(rule.Message)) Ask(name);
        }
    }

    /// <summary>Reads a request; null, or what is wrong with it.</summary>
    public string? Read(ReadOnlyMemory<byte> request)
    {
        _request = request.IsEmpty ? "{}"u8.ToArray() : request;
        try
        {
            return _fields.Find(_request.Span) ? null : "the request is no JSON object";
        }
        catch (JsonException e)
        {
            return $"the request is not JSON: {e.Message.Split(" LineNumber:")[0]}";
        }
    }

    /// <summary>A field of the request; it must have been asked for.</summary>
    /// <exception cref="InvalidOperationException">Its text has escapes that are no character.</exception>
    public FieldValue Of(string name) => _byName.TryGetValue(name, out var field) ? _fields.Of(_request.Span, field) : default;

    /// <summary>The end of each record with the copied fields: <c>"store_id":1,"date":"…"}</c>; empty: nothing is copied.</summary>
    public byte[] Suffix()
    {
        var suffix = new StringBuilder();
        foreach (var (name, field) in _copied)
        {
            var raw = _fields.RawOf(_request.Span, field);
            if (!raw.IsEmpty) suffix.Append(suffix.Length == 0 ? "" : ",").Append('"').Append(JsonEncodedText.Encode(name)).Append("\":").Append(Encoding.UTF8.GetString(raw));
        }
        return suffix.Length == 0 ? [] : Encoding.UTF8.GetBytes(suffix.Append('}').ToString());
    }

    private int Ask(string name) => _byName[name] = _fields.Ask(JsonPath.OfField(name));
}
