using System.Globalization;
using Tidemark.Http.Calls;
using Tidemark.Http.Wire;
using Tidemark.Records;

namespace Tidemark.Http.Requests;

/// <summary>Reads answers of GraphQL: errors come with status 200.</summary>
/// <param name="path">Where the records are.</param>
internal sealed class GraphQlReader(JsonPath path) : IAnswerReader
{
    private const int MaxMessages = 3;

    private static readonly JsonPath Errors = JsonPath.Parse("errors[*]");
    private static readonly JsonPath[] Messages =
        [.. Enumerable.Range(0, MaxMessages).Select(i => JsonPath.Parse(string.Create(CultureInfo.InvariantCulture, $"errors[{i}].message")))];

    public Failure? Read(ReadOnlySpan<byte> body, List<RecordSlice> records)
    {
        // Collected first: it reads to the end, and a broken body is not to be taken for an answer.
        var there = path.Collect(body, records);
        if (!Errors.TryFind(body, out _))
            return there ? MissingRecords.OfEnvelope(path, body) : MissingRecords.Of(path, body);
        var messages = new List<string>();
        foreach (var message in Messages)
        {
            if (message.FindText(body) is { } text) messages.Add(SafeText.Shorten(text));
        }
        var shown = string.Join("; ", messages);
        return new Failure("answered with errors")
        {
            Excerpt = shown.Length > 0 ? shown : SafeText.Excerpt(body),
            Advice = "correct the query or its variables, or say in the source's error_handler what such an error means",
            MayBePosition = shown.Contains("cursor", StringComparison.OrdinalIgnoreCase),
        };
    }
}
