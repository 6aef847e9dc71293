namespace Tidemark.Sources;

/// <summary>What a stream asks of its source: path, query, paging, where the records are. A connector derives its own; it must be immutable.</summary>
public abstract record StreamRequest
{
    /// <summary>The same request with one more parameter; null (default): the source has no parameters.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="value">Its value.</param>
    public virtual StreamRequest? WithParam(string name, Template value) => null;

    /// <summary>What each of its calls is expected to cost, in the unit of the source's quota; null (default): what the source says.</summary>
    public double? Cost { get; init; }

    /// <summary>All templates in the request: the engine asks them whether a run reads only a part of the source, and which fields of a parent they need.</summary>
    public virtual IEnumerable<Template> Templates => [];
}
