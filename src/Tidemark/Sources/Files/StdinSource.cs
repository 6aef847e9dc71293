namespace Tidemark.Sources.Files;

/// <summary>Standard input. It can be read once: one stream a run.</summary>
public sealed record StdinSource : SourceDefinition
{
    /// <summary>What arrives. Default: JSON lines.</summary>
    public FileFormat Format { get; init; } = FileFormat.Jsonl;

    /// <summary>What stands between the fields of a CSV row: one ASCII character. Default: a comma.</summary>
    public char? Delimiter { get; init; }

    /// <inheritdoc/>
    public override ISource Open(SourceServices services) =>
        new FileReader(new FileSource { Path = FileSet.StandardInput, Format = Format, Delimiter = Delimiter }, Console.OpenStandardInput);
}
