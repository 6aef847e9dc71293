namespace Tidemark.Definitions;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Location">Where.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record ConfigProblem(Location Location, string Message)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{Location}: {Message}";
}
