namespace Tidemark.Sources.Files;

/// <summary>What is in a file.</summary>
public enum FileFormat
{
    /// <summary>JSON lines: one JSON object a line.</summary>
    Jsonl,

    /// <summary>Comma-separated values (RFC 4180), with a header row.</summary>
    Csv,
}
