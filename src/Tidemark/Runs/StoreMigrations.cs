using System.Globalization;
using System.Reflection;

namespace Tidemark.Runs;

/// <summary>
/// The steps that make a store's schema: SQL files that lie in an assembly, <c>019_api_keys.sql</c>. A step's number is its version for ever. Numbers may have gaps, and a step with a smaller number
/// may be added later: what a store lacks is told by the numbers that it has, not by the largest of them.
/// </summary>
public sealed class StoreMigrations
{
    private readonly Assembly _assembly;
    private readonly SortedDictionary<int, string> _steps = [];

    /// <summary>Finds the steps.</summary>
    /// <param name="assembly">Where they lie.</param>
    /// <param name="folder">The beginning of their resources' names, with a dot at its end.</param>
    public StoreMigrations(Assembly assembly, string folder)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(folder);
        _assembly = assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)))
            _steps.Add(int.Parse(name.AsSpan(folder.Length, name.IndexOf('_', folder.Length) - folder.Length), NumberStyles.None, CultureInfo.InvariantCulture), name);
    }

    /// <summary>The largest number that is known.</summary>
    public int Newest => _steps.Keys.Max();

    /// <summary>What a store lacks, in the order in which it is applied.</summary>
    /// <param name="applied">The numbers that the store has.</param>
    public IReadOnlyList<int> Missing(IReadOnlySet<int> applied) => [.. _steps.Keys.Where(v => !applied.Contains(v))];

    /// <summary>The largest number that a store has and this version does not know; null: there is none, so the store was written by this version or an older one.</summary>
    /// <param name="applied">The numbers that the store has.</param>
    public int? Unknown(IReadOnlySet<int> applied) => applied.Where(v => !_steps.ContainsKey(v)).Select(v => (int?)v).Max();

    /// <summary>The SQL of a step.</summary>
    /// <param name="version">Its number.</param>
    public string Read(int version)
    {
        using var reader = new StreamReader(_assembly.GetManifestResourceStream(_steps[version])!);
        return reader.ReadToEnd();
    }
}
