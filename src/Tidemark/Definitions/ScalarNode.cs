namespace Tidemark.Definitions;

/// <summary>A single value.</summary>
/// <param name="Text">The text, without quotes, environment variables replaced.</param>
/// <param name="Plain">True if it was written without quotes: only then can it be a number, a boolean or null.</param>
/// <param name="Location">Where it stands.</param>
public sealed record ScalarNode(string Text, bool Plain, Location Location) : ConfigNode(Location)
{
    /// <summary>The text as the file has it, where environment variables were replaced in <see cref="Text"/>; null where there are none. Errors show this one: a variable may hold a secret.</summary>
    public string? Written { get; init; }

    /// <summary>True for a plain empty value, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null";

    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : $"'{Written ?? Text}'";
}
