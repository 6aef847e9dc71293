using Tidemark.Definitions;

namespace Tidemark.Sources.Files;

/// <summary>The registrations of the sources <c>file</c> and <c>stdin</c>.</summary>
public static class FileConnectors
{
    private static readonly Format<char> Delimiter = Formats.Parsed(text =>
        text.Length == 1 && char.IsAscii(text[0]) && text[0] is not ('"' or '\r' or '\n') ? text[0] : throw new FormatException($"found '{text}', expected one ASCII character, such as \";\" or \"\\t\""));

    /// <summary>Files.</summary>
    public static SourceConnector File { get; } = new SourceConnector<FileSource, FileRequest>("file",
        new Shape<FileSource>("Files: JSON lines or CSV, plain or .gz.", () => new FileSource())
            .Optional("path", Formats.FilePath, (d, v) => d with { Path = v }, "A path, a pattern such as data/*.jsonl.gz or data/**/*.csv, or - for standard input. Default: each stream's request names its own.")
            .Optional("format", Formats.OneOf<FileFormat>(), (d, v) => d with { Format = v }, "What is in the files. Default: told by their endings.")
            .Optional("delimiter", Delimiter, (d, v) => d with { Delimiter = v }, "What stands between the fields of a CSV row. Default: a comma, a tab for .tsv."),
        new Shape<FileRequest>("A stream of files.", () => new FileRequest())
            .Optional("request", new Shape<FileRequest>("What is asked of the source.", () => new FileRequest())
                .Optional("path", new PathTemplateFormat(), (d, v) => d with { Path = v }, "The path or pattern, a template; wins over the source's."),
                (_, v) => v, "What is asked of the source."));

    /// <summary>Standard input.</summary>
    public static SourceConnector Stdin { get; } = new SourceConnector<StdinSource, StdinRequest>("stdin",
        new Shape<StdinSource>("Standard input.", () => new StdinSource())
            .Optional("format", Formats.OneOf<FileFormat>(), (d, v) => d with { Format = v }, "What arrives. Default: jsonl.")
            .Optional("delimiter", Delimiter, (d, v) => d with { Delimiter = v }, "What stands between the fields of a CSV row. Default: a comma."),
        new Shape<StdinRequest>("A stream of standard input.", () => new StdinRequest()));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SourceConnector> All { get; } = [File, Stdin];
}
