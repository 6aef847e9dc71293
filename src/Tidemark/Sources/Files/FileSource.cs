namespace Tidemark.Sources.Files;

/// <summary>Files on this machine: JSON lines or CSV, plain or <c>.gz</c>, one or all that a pattern names.</summary>
public sealed record FileSource : SourceDefinition
{
    /// <summary>A path, a pattern (<c>data/*.jsonl.gz</c>, <c>data/**/*.csv</c>), or <c>-</c> for standard input; null: each stream names its own.</summary>
    public string? Path { get; init; }

    /// <summary>What is in the files; null: told by their endings.</summary>
    public FileFormat? Format { get; init; }

    /// <summary>What stands between the fields of a CSV row: one ASCII character. Default: a comma, a tab for <c>.tsv</c>.</summary>
    public char? Delimiter { get; init; }

    /// <inheritdoc/>
    public override ISource Open(SourceServices services) => new FileReader(this, Console.OpenStandardInput);
}
