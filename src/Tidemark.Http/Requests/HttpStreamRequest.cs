using Tidemark.Http.Calls;
using Tidemark.Http.Paging;
using Tidemark.Http.Requests;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>What a stream asks of a source over HTTP.</summary>
public abstract record HttpStreamRequest : StreamRequest
{
    private readonly Template? _path;
    private readonly JsonPath _records = JsonPath.Parse("");

    /// <summary>The path below the source's address, a template; default: the address itself. Values are percent-encoded and can't add a segment.</summary>
    /// <exception cref="FormatException">It is no template of a path.</exception>
    public string Path
    {
        get => _path?.ToString() ?? "";
        init => _path = UrlTemplate.ParsePath(value);
    }

    /// <summary>Where the records are in an answer, e.g. <c>data.items</c>; default: an array at the top; <c>$</c>: the whole answer is one record.</summary>
    /// <exception cref="FormatException">It is no path.</exception>
    public string Records
    {
        get => _records.ToString();
        init => _records = JsonPath.Parse(value);
    }

    /// <summary>How pages follow each other; default: there is one.</summary>
    public Paginator Paginator { get; init; } = new SinglePagePaginator();

    /// <inheritdoc/>
    public override IEnumerable<Template> Templates => _path is null ? [] : [_path];

    /// <inheritdoc/>
    public sealed override int? PageSize => Paginator.PageLength;

    /// <inheritdoc/>
    public sealed override long? PagesOf(long records, int pageLength, bool? endsEmpty) => Paginator.PagesOf(records, pageLength, endsEmpty);

    /// <inheritdoc/>
    public sealed override string? WhyNotByPages => Paginator.WhyNotByPages;

    private protected JsonPath RecordsPath => _records;

    /// <summary>The call for a page.</summary>
    /// <param name="source">The source's address.</param>
    /// <param name="values">What the names in templates stand for.</param>
    /// <param name="page">Which page.</param>
    internal abstract OutgoingCall Build(Uri source, TemplateValues values, PageRequest page);

    /// <summary>How many records a page is asked to have, where fewer can be asked for between two pages; null: it is not known, or can't be changed.</summary>
    internal virtual int? LowerableSize => null;

    /// <summary>Reads answers.</summary>
    internal abstract IAnswerReader Reader();

    /// <summary>What is wrong over several keys of the request; null: nothing.</summary>
    internal virtual (string? Key, string Message)? Problem() => null;

    private protected Uri Address(Uri source, TemplateValues values, IEnumerable<NamedTemplate> query, IReadOnlyList<(string Name, string Text)> filled, PageRequest? page) =>
        UrlTemplate.Fill(source, _path, query, filled, page, values);
}
