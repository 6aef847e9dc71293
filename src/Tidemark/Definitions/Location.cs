namespace Tidemark.Definitions;

/// <summary>A place in a configuration file; lines and columns count from 1. Line 0 means the file as a whole.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
public readonly record struct Location(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, the form that editors and terminals make clickable.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
