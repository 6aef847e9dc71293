namespace Tidemark.Runs;

/// <summary>A call for each record of another stream.</summary>
/// <param name="Stream">The parent stream, declared before.</param>
/// <param name="Include">The parent's fields that templates may use.</param>
public sealed record ParentDefinition(string Stream, IReadOnlyList<string> Include);
