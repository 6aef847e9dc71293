namespace Tidemark.Definitions;

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
