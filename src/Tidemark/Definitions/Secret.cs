namespace Tidemark.Definitions;

/// <summary>A value that must never be shown: its text form is <c>***</c>, so that no log, report or error can leak it by accident.</summary>
/// <param name="value">The secret.</param>
public sealed class Secret(string value) : IEquatable<Secret>
{
    /// <summary>The secret itself, for the one place that sends it.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && string.Equals(other.Reveal(), value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(value, StringComparison.Ordinal);

    /// <summary><c>***</c>.</summary>
    public override string ToString() => "***";
}
