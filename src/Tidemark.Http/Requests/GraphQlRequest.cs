using System.Buffers;
using System.Text.Json;
using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Http.Requests;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>What a stream asks of a GraphQL source. Parameters of pages are variables: a relay paginator sends <c>first</c> and <c>after</c>.</summary>
public sealed record GraphQlRequest : HttpStreamRequest
{
    /// <summary>The query. Required.</summary>
    public string Query { get; init; } = "";

    /// <summary>Variables, an object of JSON; a variable whose template lacks a value is left out. Default: none.</summary>
    public JsonTemplate? Variables { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Template> Templates => [.. base.Templates, .. Variables?.Templates ?? []];

    /// <summary>The query, where it stood in a file of its own.</summary>
    internal string? FileQuery { get; init; }

    internal override (string? Key, string Message)? Problem() =>
        Query.Length > 0 && FileQuery is not null ? ("query_file", "found 'query' and 'query_file', expected one of them")
        : string.IsNullOrWhiteSpace(Text) ? (null, "the key 'query' or 'query_file' is missing")
        : Text.Contains("{{", StringComparison.Ordinal) ? ("query", "found '{{' in the query: templates stand in 'variables', the query says $name")
        : Variables is { IsObject: false } ? ("variables", "expected names with values")
        : null;

    private string Text => FileQuery ?? Query;

    internal override int? LowerableSize => Paginator.FreeSizeParam is { } name ? Paginator.FreeSize ?? Variables?.NumberOf(name) : null;

    internal override OutgoingCall Build(Uri source, TemplateValues values, PageRequest page)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("query", Text);
            writer.WriteStartObject("variables");
            Variables?.WriteMembersTo(writer, values, [.. page.Params.Select(p => p.Name)]);
            foreach (var param in page.Params) param.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return new OutgoingCall(HttpMethod.Post, page.Url ?? Address(source, values, [], [], page: null)) { Body = bytes.WrittenMemory };
    }

    internal override IAnswerReader Reader() => new GraphQlReader(RecordsPath);
}
