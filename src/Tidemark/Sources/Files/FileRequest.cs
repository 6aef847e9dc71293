namespace Tidemark.Sources.Files;

/// <summary>What a stream asks of a file source.</summary>
public sealed record FileRequest : StreamRequest
{
    /// <summary>The path, relative ones seen from the directory of the configuration; null: the source's.</summary>
    public Template? Path { get; init; }

    /// <inheritdoc/>
    public override bool MakesCalls => false;
}
