using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Destinations;

namespace Tidemark.Configuration.Shapes;

/// <summary>A directory with a folder of SQL files for each type of destination: <c>migrations/sqlite/001_tables.sql</c>.</summary>
internal sealed class MigrationsFormat : Format<IReadOnlyDictionary<string, IReadOnlyList<TableMigration>>>
{
    public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out IReadOnlyDictionary<string, IReadOnlyList<TableMigration>> value)
    {
        value = null;
        if (!Formats.FilePath.TryRead(node, problems, out var path)) return false;
        try
        {
            var steps = Directory.Exists(path)
                ? Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).ToDictionary(d => Path.GetFileName(d)!, StepsIn, StringComparer.Ordinal)
                : throw new IOException("there is no such directory");
            if (steps.Values.Any(s => s.Count > 0))
            {
                value = steps;
                return true;
            }
            problems.Add(node.Location, $"found '{path}' without SQL files, expected folders by type of destination, such as {Path.Combine(path, "sqlite", "001_tables.sql")}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(node.Location, $"the migrations in '{path}' can't be read: {e.Message}");
        }
        return false;
    }

    public override JsonObject Schema() => Formats.FilePath.Schema();

    private static IReadOnlyList<TableMigration> StepsIn(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.sql").Order(StringComparer.Ordinal).Select(f => new TableMigration(Path.GetFileName(f), File.ReadAllText(f)))];
}
