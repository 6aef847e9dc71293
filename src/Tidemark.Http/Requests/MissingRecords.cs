using System.Text;
using System.Text.Json;
using Tidemark.Definitions;
using Tidemark.Http.Calls;
using Tidemark.Records;

namespace Tidemark.Http.Requests;

/// <summary>Explains why nothing is at a records path: walks down to where path and answer part.</summary>
internal static class MissingRecords
{
    private const int MaxKeys = 20;

    /// <summary>The failure of an answer in which nothing is at the records path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="body">A whole JSON document.</param>
    public static Failure Of(JsonPath path, ReadOnlySpan<byte> body) =>
        new("has no records in its answer") { Excerpt = Explain(path.ToString(), body), Advice = "correct 'records' of the stream" };

    /// <summary>The failure of an answer that is one object where no records path is given: an envelope must not be taken for a record. Null: it is none.</summary>
    /// <param name="path">The path.</param>
    /// <param name="body">A whole JSON document.</param>
    public static Failure? OfEnvelope(JsonPath path, ReadOnlySpan<byte> body) =>
        path.ToString().Length > 0 || body[body.IndexOfAnyExcept(" \t\r\n"u8)] != '{' ? null : new Failure("answered with an object, not with a list of records")
        {
            Excerpt = $"the answer {Describe(body, "records")}",
            Advice = "say with 'records' of the stream where the records are, or records: $ if the whole answer is one record",
        };

    /// <summary>One sentence with what is there instead.</summary>
    /// <param name="path">The path that matches nothing.</param>
    /// <param name="body">A whole JSON document.</param>
    public static string Explain(string path, ReadOnlySpan<byte> body)
    {
        var steps = Steps(path);
        var (deepest, missing) = ("", steps[0]);
        var found = body;
        for (var i = 0; i < steps.Count - 1; i++)
        {
            if (!JsonPath.Parse(steps[i]).TryFind(body, out var slice)) break;
            (deepest, missing) = (steps[i], steps[i + 1]);
            found = body.Slice(slice.Offset, slice.Length);
        }
        var name = missing[deepest.Length..].TrimStart('.');
        var place = deepest.Length == 0 ? "the answer" : $"'{deepest}'";
        return $"records path '{path}' matches nothing: {place} {Describe(found, name)}";
    }

    private static string Describe(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonPath.MaxDepth });
        reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var keys = new List<string>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    keys.Add(reader.GetString()!);
                    reader.Skip();
                }
                if (keys.Count == 0) return "is an empty object";
                var more = keys.Count > MaxKeys ? $" and {keys.Count - MaxKeys} more" : "";
                var near = name[0] == '[' ? ", but it is no list" : NearestName.Of(name, keys) is { } one ? $"; did you mean '{one}'?" : "";
                return $"has the key{(keys.Count == 1 ? "" : "s")} {string.Join(", ", keys.Take(MaxKeys))}{more}{near}";
            case JsonTokenType.StartArray:
                return "is a list; write [*] for each of its items";
            case JsonTokenType.Null:
                return "is null";
            default:
                return $"is {Encoding.UTF8.GetString(json[..Math.Min(json.Length, 50)])}";
        }
    }

    // The path after each step: data, data.items, data.items[*], data.items[*].node
    private static List<string> Steps(string path)
    {
        var steps = new List<string>();
        var quote = '\0';
        for (var i = 1; i < path.Length; i++)
        {
            if (quote != '\0')
            {
                if (path[i] == quote && path[i + 1] == ']') quote = '\0';
            }
            else if (path[i - 1] == '[' && path[i] is '\'' or '"')
            {
                quote = path[i];
            }
            else if (path[i] is '.' or '[')
            {
                steps.Add(path[..i]);
            }
        }
        steps.Add(path);
        return steps;
    }
}
