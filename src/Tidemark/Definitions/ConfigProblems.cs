namespace Tidemark.Definitions;

/// <summary>One thing that is wrong in a configuration.</summary>
/// <param name="Location">Where.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
public sealed record ConfigProblem(Location Location, string Message)
{
    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => $"{Location}: {Message}";
}

/// <summary>Collects everything that is wrong, so that a user sees all of it at once.</summary>
public sealed class ConfigProblems
{
    private readonly List<ConfigProblem> _items = [];

    /// <summary>What was found wrong, in the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> Items =>
        [.. _items.OrderBy(p => p.Location.File, StringComparer.Ordinal).ThenBy(p => p.Location.Line).ThenBy(p => p.Location.Column)];

    /// <summary>True while nothing is wrong.</summary>
    public bool None => _items.Count == 0;

    /// <summary>How many things are wrong.</summary>
    public int Count => _items.Count;

    /// <summary>Adds a problem.</summary>
    /// <param name="location">Where.</param>
    /// <param name="message">What was found, what was expected, what to do.</param>
    public void Add(Location location, string message) => _items.Add(new ConfigProblem(location, message));
}

/// <summary>A configuration that cannot be used. Nothing was started.</summary>
/// <param name="problems">All that is wrong.</param>
public sealed class ConfigException(IReadOnlyList<ConfigProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; } = problems;
}
