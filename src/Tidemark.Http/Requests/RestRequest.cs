using System.Text;
using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Http.Requests;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>What a stream asks of a REST source.</summary>
public sealed record RestRequest : HttpStreamRequest
{
    /// <summary>GET (default), POST or PUT.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Parameters in the query; a name may be repeated. Default: none.</summary>
    public IReadOnlyList<NamedTemplate> Params { get; init; } = [];

    /// <summary>Parameters in the query whose value is JSON; what in it needs what is not there is left out. Default: none.</summary>
    public IReadOnlyList<(string Name, JsonTemplate Value)> JsonParams { get; init; } = [];

    /// <summary>Headers of this request; they win over the source's. Default: none.</summary>
    public IReadOnlyList<NamedTemplate> Headers { get; init; } = [];

    /// <summary>A body of JSON; null (default): none.</summary>
    public JsonTemplate? Body { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Template> Templates =>
        [.. base.Templates, .. Params.Select(p => p.Value), .. JsonParams.SelectMany(p => p.Value.Templates), .. Headers.Select(h => h.Value), .. Body?.Templates ?? []];

    /// <inheritdoc/>
    public override StreamRequest WithParam(string name, Template value) => this with { Params = [.. Params, new NamedTemplate(name, value)] };

    internal override (string? Key, string Message)? Problem() =>
        Method != HttpMethod.Get && Method != HttpMethod.Post && Method != HttpMethod.Put ? ("method", $"found the method {Method}, expected GET, POST or PUT")
        : Body is not null && Method == HttpMethod.Get ? ("body", "a GET request has no body; set method: POST, or use params")
        : null;

    internal override OutgoingCall Build(Uri source, TemplateValues values, PageRequest page) =>
        new(Method, page.Url ?? Address(source, values, Params, [.. JsonParams.Select(p => (p.Name, Encoding.UTF8.GetString(p.Value.Fill(values).Span)))], page))
        {
            Headers = HeaderValues.Fill(Headers, values),
            Body = Body?.Fill(values),
        };

    internal override IAnswerReader Reader() => new RestReader(RecordsPath);

}
