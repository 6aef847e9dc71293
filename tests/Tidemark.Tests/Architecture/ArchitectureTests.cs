using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tidemark.Tests.Architecture;

/// <summary>Who may know whom: between projects as their files say, between the folders of a project as their code says.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>The references that are allowed; a project that is not named here may have none.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Tidemark"] = [],
        ["Tidemark.Http"] = ["Tidemark"],
        ["Tidemark.MongoDb"] = ["Tidemark"],
        ["Tidemark.PostgreSql"] = ["Tidemark"],
        ["Tidemark.Sqlite"] = ["Tidemark"],
        ["Tidemark.Configuration"] = ["Tidemark"],
        ["Tidemark.Server"] = ["Tidemark"],
        ["Tidemark.Simulators"] = [],
        ["Tidemark.Cli"] = ["Tidemark", "Tidemark.Configuration", "Tidemark.Http", "Tidemark.MongoDb", "Tidemark.PostgreSql", "Tidemark.Server", "Tidemark.Simulators", "Tidemark.Sqlite"],
    };

    /// <summary>Packages that only one project may know, or two: the engine knows no driver, no HTTP client, no YAML.</summary>
    private static readonly Dictionary<string, string[]> Owners = new(StringComparer.Ordinal)
    {
        ["YamlDotNet"] = ["Tidemark.Configuration"],
        ["Microsoft.Data.Sqlite.Core"] = ["Tidemark.Sqlite"],
        ["SQLitePCLRaw.bundle_e_sqlite3"] = ["Tidemark.Sqlite"],
        ["Npgsql"] = ["Tidemark.PostgreSql"],
        ["System.CommandLine"] = ["Tidemark.Cli"],
        ["Spectre.Console"] = ["Tidemark.Cli"],
        ["Serilog"] = ["Tidemark.Cli"],
        ["Serilog.Extensions.Logging"] = ["Tidemark.Cli"],
        ["Serilog.Sinks.File"] = ["Tidemark.Cli"],
        ["Microsoft.AspNetCore.App"] = ["Tidemark.Server", "Tidemark.Simulators"],
    };

    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(Root, "src")).Select(d => Path.GetFileName(d)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_it_may(string project)
    {
        Allowed.ShouldContainKey(project, "a new project needs its rule here");
        var file = XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"));
        var references = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        references.Except(Allowed[project], StringComparer.Ordinal).ShouldBeEmpty();
        var packages = file.Descendants().Where(e => e.Name.LocalName is "PackageReference" or "FrameworkReference").Select(e => e.Attribute("Include")!.Value);
        packages.Where(p => Owners.TryGetValue(p, out var owners) && !owners.Contains(project, StringComparer.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_form_no_circle(string project)
    {
        var uses = Uses(project);
        var circle = Circle(uses);
        circle.ShouldBeEmpty($"these folders use each other: {string.Join(" -> ", circle)}");
        if (uses.Count > 1) uses.Values.Sum(u => u.Count).ShouldBeGreaterThan(0, "a check that sees no use at all proves nothing");
    }

    [Theory]
    [InlineData("Telemetry", "")]
    [InlineData("Telemetry/Recording", "Telemetry")]
    [InlineData("Access", "")]
    [InlineData("Records", "")]
    [InlineData("Inboxes", "Records")]
    [InlineData("Definitions", "")]
    [InlineData("Quotas", "Telemetry Records Definitions")]
    [InlineData("Checkpoints", "Telemetry Records Definitions")]
    [InlineData("Sources", "Telemetry Records Definitions Quotas Checkpoints")]
    [InlineData("Sources/Files", "Telemetry Records Definitions Quotas Checkpoints Sources")]
    [InlineData("Destinations", "Telemetry Records Definitions Checkpoints")]
    [InlineData("Scanning", "Telemetry Records Definitions Checkpoints")]
    [InlineData("Batching", "Telemetry Records Definitions Checkpoints")]
    [InlineData("Validation", "Telemetry Records Definitions")]
    [InlineData("Enrichment", "Telemetry Records Definitions Quotas Checkpoints Sources")]
    [InlineData("Failures", "Telemetry Records Definitions Checkpoints Sources Destinations Scanning Batching")]
    [InlineData("Pushing", "Telemetry Records Definitions Checkpoints Destinations Batching Validation Failures")]
    [InlineData("Lookups/Keys", "Records Definitions")]
    [InlineData("Lookups", "Records Definitions Sources Destinations Lookups/Keys")]
    [InlineData("Lookups/Keeping", "Telemetry Records Definitions Quotas Checkpoints Sources Destinations Batching Validation Failures Pushing Lookups Lookups/Keys")]
    [InlineData("Lookups/Buying", "Telemetry Records Definitions Quotas Checkpoints Sources Destinations Batching Validation Failures Pushing Lookups Lookups/Keys Lookups/Keeping")]
    [InlineData("Lookups/Alerts", "Telemetry Records Definitions Destinations Lookups")]
    [InlineData("Lookups/Asking", "Telemetry Records Definitions Quotas Checkpoints Sources Destinations Batching Validation Failures Pushing Lookups Lookups/Keys Lookups/Keeping Lookups/Buying Lookups/Alerts")]
    [InlineData("Saving", "Telemetry Records Definitions Checkpoints Destinations Batching Validation Failures Scanning Pushing")]
    [InlineData("Slices", "Telemetry Records Definitions Checkpoints Sources Destinations Scanning Batching")]
    [InlineData("Sources/Pushed", "Definitions Quotas Sources")]
    [InlineData("Serving", "Telemetry Records Definitions Checkpoints Destinations Scanning Batching Validation Failures Pushing")]
    [InlineData("Planning", "Telemetry Records Definitions Quotas Checkpoints Sources")]
    [InlineData("Runs/Plans", "Telemetry Access Lookups Pushing Serving Records Definitions Quotas Checkpoints Sources Destinations Scanning Batching Validation Enrichment Failures Slices Planning Runs")]
    [InlineData("Runs", "Telemetry Access Lookups Lookups/Keys Lookups/Asking Pushing Serving Records Definitions Quotas Checkpoints Sources Destinations Scanning Batching Validation Enrichment Failures Slices Planning")]
    [InlineData("Runs/Retries", "Telemetry Access Lookups Pushing Serving Records Definitions Quotas Checkpoints Sources Destinations Scanning Batching Validation Enrichment Failures Slices Runs")]
    [InlineData("Reports", "Telemetry Access Lookups Lookups/Alerts Records Definitions Quotas Checkpoints Sources Destinations Scanning Batching Validation Enrichment Failures Slices Runs Runs/Retries Inboxes")]
    public void Floor_of_the_engine_uses_only_floors_below(string folder, string below)
    {
        var allowed = below.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        Uses("Tidemark")[folder].Except(allowed, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Engine_shows_no_driver_and_no_http_in_its_api()
    {
        var assemblies = typeof(Pipeline).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(Types)
            .Select(t => t.Assembly.GetName().Name!)
            .Distinct(StringComparer.Ordinal);
        assemblies.Where(a => a.StartsWith("System.Net", StringComparison.Ordinal) || a.Contains("Sqlite", StringComparison.OrdinalIgnoreCase) || a.StartsWith("Npgsql", StringComparison.Ordinal) || a.Contains("AspNetCore", StringComparison.Ordinal)
            || a.StartsWith("Polly", StringComparison.Ordinal) || a.StartsWith("CsvHelper", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Source_files_stay_short() =>
        Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => File.ReadLines(f).Count() > 400)
            .ShouldBeEmpty("is there a second concept inside that wants a room of its own?");

    private static IEnumerable<Type> Types(MemberInfo member) => member switch
    {
        MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType)],
        PropertyInfo property => [property.PropertyType],
        ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
        _ => [],
    };

    /// <summary>
    /// Which folders of a project each of its folders uses: a file uses another where it names a type that only that file declares. A property that is called like a type of
    /// another folder counts as a use, too: one name for two things confuses readers as well.
    /// </summary>
    private static Dictionary<string, HashSet<string>> Uses(string project)
    {
        var root = Path.Combine(Root, "src", project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Folder: Path.GetRelativePath(root, Path.GetDirectoryName(f)!), Text: Comments().Replace(File.ReadAllText(f), " ")))
            .ToList();
        var homes = files.SelectMany(f => Declaration().Matches(f.Text).Select(m => (Name: m.Groups[1].Value, f.Folder)))
            .GroupBy(d => d.Name, StringComparer.Ordinal)
            .Where(g => g.Select(d => d.Folder).Distinct(StringComparer.Ordinal).Count() == 1)
            .ToDictionary(g => g.Key, g => g.First().Folder, StringComparer.Ordinal);
        var uses = files.Select(f => f.Folder).Distinct(StringComparer.Ordinal).ToDictionary(f => f, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (folder, text) in files)
        {
            foreach (Match word in Word().Matches(text))
            {
                if (homes.TryGetValue(word.Value, out var home) && !string.Equals(home, folder, StringComparison.Ordinal)) uses[folder].Add(home);
            }
        }
        return uses;
    }

    private static List<string> Circle(Dictionary<string, HashSet<string>> uses)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        List<string> Visit(string room, List<string> path)
        {
            if (path.Contains(room, StringComparer.Ordinal)) return [.. path.SkipWhile(r => !string.Equals(r, room, StringComparison.Ordinal)), room];
            if (!done.Add(room)) return [];
            return uses[room].Select(next => Visit(next, [.. path, room])).FirstOrDefault(found => found.Count > 0, []);
        }
        return uses.Keys.Select(room => Visit(room, [])).FirstOrDefault(found => found.Count > 0, []);
    }

    private static string FindRoot(string directory) => File.Exists(Path.Combine(directory, "Tidemark.slnx")) ? directory : FindRoot(Path.GetDirectoryName(directory)!);

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"^(?:public|internal) (?:(?:static|sealed|abstract|partial|readonly|ref) )*(?:class|record struct|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
