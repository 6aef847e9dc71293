namespace Tidemark.Definitions;

/// <summary>A configuration that cannot be used. Nothing was started.</summary>
/// <param name="problems">All that is wrong.</param>
public sealed class ConfigException(IReadOnlyList<ConfigProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}
