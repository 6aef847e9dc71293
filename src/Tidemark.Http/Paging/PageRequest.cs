namespace Tidemark.Http.Paging;

/// <summary>What has to be asked to get one page.</summary>
/// <param name="Position">Opaque words that make the same request again, also in another run.</param>
internal sealed record PageRequest(string Position)
{
    /// <summary>Parameters of the page: in the query, or variables of GraphQL.</summary>
    public IReadOnlyList<PageParam> Params { get; init; } = [];

    /// <summary>The whole address, where the server gave it; null: the stream's own with <see cref="Params"/>.</summary>
    public Uri? Url { get; init; }

    /// <summary>The print of a record that the page must hold because the page before ended with it; null: pages do not overlap.</summary>
    public string? Known { get; init; }

    /// <summary>The same page with another value of a parameter.</summary>
    /// <param name="param">The parameter.</param>
    public PageRequest With(PageParam param)
    {
        var others = Params.Where(p => !string.Equals(p.Name, param.Name, StringComparison.Ordinal));
        return this with { Params = [param, .. others] };
    }

    /// <summary>For messages: <c>page=3</c>, or the position.</summary>
    public override string ToString() => Params.Count > 0 ? string.Join(", ", Params.Select(p => $"{p.Name}={p.Text}")) : Position.Length > 0 ? Position : "the first page";
}
