using Tidemark.Definitions;
using Tidemark.Http.Requests;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Shapes;

/// <summary>The keys of streams: what is asked stands in <c>request</c>, where the records are and how pages follow each other beside it.</summary>
internal static class RequestShapes
{
    private static readonly Format<Template> Templated = Formats.Parsed(Template.Parse);
    private static readonly Format<Template> UrlPath = Formats.Parsed(UrlTemplate.ParsePath);

    private static readonly Dictionary<string, HttpMethod> Methods = new(StringComparer.Ordinal)
    {
        ["GET"] = HttpMethod.Get, ["POST"] = HttpMethod.Post, ["PUT"] = HttpMethod.Put,
    };

    private static readonly Shape<RestRequest> RestCall = new Shape<RestRequest>("What is asked.", () => new RestRequest())
        .Optional("path", UrlPath, (r, v) => r with { Path = v.ToString() }, "The path below the source's url; a template. Default: the url itself.")
        .Optional("method", Formats.OneOf(Methods), (r, v) => r with { Method = v }, "GET (default), POST or PUT.")
        .Optional("params", Formats.Map(new QueryParamFormat()), (r, v) => r with
            {
                Params = [.. v.SelectMany(p => p.Value.Texts.Select(t => new NamedTemplate(p.Key, t)))],
                JsonParams = [.. v.Where(p => p.Value.Json is not null).Select(p => (p.Key, p.Value.Json!))],
            },
            "Parameters in the query; templates. A list repeats the parameter; one whose template lacks a value is left out. An object is sent as JSON, without members that lack a value.")
        .Optional("headers", Formats.Map(Templated), (r, v) => r with { Headers = [.. v.Select(h => new NamedTemplate(h.Key, h.Value))] }, "Headers of this request; templates.")
        .Optional("body", JsonTemplate.Format, (r, v) => r with { Body = v }, "A body of JSON, with templates in its texts.")
        .Optional("cost", Formats.Number, (r, v) => r with { Cost = v }, "What a call is expected to cost, in the unit of the source's quota. Default: what the source says.")
        .Rule(r => r.Problem());

    private static readonly Shape<GraphQlRequest> GraphQlCall = new Shape<GraphQlRequest>("What is asked.", () => new GraphQlRequest())
        .Optional("query", Formats.Text, (r, v) => r with { Query = v }, "The query.")
        .Optional("query_file", new TextOfFile(), (r, v) => r with { FileQuery = v }, "The file with the query, relative to the configuration file.")
        .Optional("variables", JsonTemplate.Format, (r, v) => r with { Variables = v }, "Variables, with templates in their texts; one whose template lacks a value is left out.")
        .Optional("path", UrlPath, (r, v) => r with { Path = v.ToString() }, "The path below the source's url. Default: the url itself.")
        .Optional("cost", Formats.Number, (r, v) => r with { Cost = v }, "What a call is expected to cost, in the unit of the source's quota. Default: what the source says.")
        .Rule(r => r.Problem());

    /// <summary>The keys of a stream of a REST source.</summary>
    public static Shape<RestRequest> Rest { get; } = Shared(
        new Shape<RestRequest>("A stream of a REST source.", () => new RestRequest())
            .Optional("request", RestCall, (s, v) => v with { Records = s.Records, Paginator = s.Paginator }, "What is asked."));

    /// <summary>The keys of a stream of a GraphQL source.</summary>
    public static Shape<GraphQlRequest> GraphQl { get; } = Shared(
        new Shape<GraphQlRequest>("A stream of a GraphQL source.", () => new GraphQlRequest())
            .Required("request", GraphQlCall, (s, v) => v with { Records = s.Records, Paginator = s.Paginator }, "What is asked."));

    private static Shape<T> Shared<T>(Shape<T> shape) where T : HttpStreamRequest => shape
        .Optional("records", Formats.Parsed(JsonPath.Parse), (s, v) => (T)(s with { Records = v.ToString() }), "Where the records are in an answer, such as data.items; default: an array at the top. $: the whole answer is one record.")
        .Optional("paginator", PaginatorShapes.Any, (s, v) => (T)(s with { Paginator = v }), "How pages follow each other; default: there is one.")
        .Later("quota");
}
