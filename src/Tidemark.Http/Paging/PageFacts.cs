using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Paging;

/// <summary>What a paginator may know of an answer.</summary>
internal readonly ref struct PageFacts
{
    /// <summary>The body; empty where the server sent none.</summary>
    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>How many records the page has.</summary>
    public required int Count { get; init; }

    /// <summary>The largest count of the pages before it in this reading; 0: it is the first.</summary>
    public int LongestBefore { get; init; }

    /// <summary>The bytes of the last record.</summary>
    public ReadOnlySpan<byte> LastRecord { get; init; }

    /// <summary>The address that answered.</summary>
    public required Uri Url { get; init; }

    /// <summary>The Link header.</summary>
    public string? Link { get; init; }

    /// <summary>Where the records are.</summary>
    public string RecordsPath { get; init; }

    /// <summary>The text of a value in the body; null for nothing, null, objects and lists.</summary>
    public string? Text(JsonPath path) => Body.IsEmpty ? null : path.FindText(Body);

    /// <summary>A number in the body, also one written as a text.</summary>
    public long? Number(JsonPath? path) =>
        path is not null && long.TryParse(Text(path), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A string or number in the body as JSON; null for nothing, null, a boolean and an empty text.</summary>
    /// <exception cref="SourceException">An object or a list is there.</exception>
    public string? TokenAt(JsonPath path)
    {
        if (Body.IsEmpty || !path.TryFind(Body, out var slice)) return null;
        var json = Body.Slice(slice.Offset, slice.Length);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False => null,
            JsonTokenType.String when reader.ValueSpan.IsEmpty => null,
            JsonTokenType.String or JsonTokenType.Number => Encoding.UTF8.GetString(json),
            _ => throw new SourceException($"found {(json[0] == '{' ? "an object" : "a list")} at '{path}', expected a text or a number that leads to the next page"),
        };
    }
}
