namespace Tidemark.Sources;

/// <summary>Somebody else's API or file, as the user described it. A connector derives its own; it must be immutable.</summary>
public abstract record SourceDefinition
{
    /// <summary>Makes the live source. It does no I/O before it is read.</summary>
    /// <param name="services">What it may use.</param>
    public abstract ISource Open(SourceServices services);
}

/// <summary>What a stream asks of its source: path, query, paging, where the records are. A connector derives its own; it must be immutable.</summary>
public abstract record StreamRequest
{
    /// <summary>Every template in the request: from these the engine sees whether it is filtered, and which fields of a parent it needs.</summary>
    public virtual IEnumerable<Template> Templates => [];
}
