namespace Tidemark.Scanning;

/// <summary>A cursor value together with how the source wrote it: what goes back to the source is always its own text.</summary>
/// <param name="Value">The value.</param>
/// <param name="Text">The text.</param>
internal readonly record struct CursorPoint(CursorValue Value, string Text)
{
    public static CursorPoint? Parse(string? text, CursorKind kind) =>
        text is not null && CursorValue.TryParse(text, kind, out var value) ? new CursorPoint(value, text) : null;

    /// <summary>The newer of two, the first where they are equal.</summary>
    public static CursorPoint? Newest(CursorPoint? a, CursorPoint? b) =>
        a is null ? b : b is null || b.Value.Value <= a.Value.Value ? a : b;
}
