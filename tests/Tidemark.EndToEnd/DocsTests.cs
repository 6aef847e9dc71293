using System.Reflection;
using System.Text.Json.Nodes;
using Tidemark.EndToEnd.Support;

namespace Tidemark.EndToEnd;

/// <summary>The documentation says what is so: its examples are valid, its commands exist, its tables are complete, its links lead somewhere.</summary>
public sealed class DocsTests
{
    private static readonly string[] TopLevel = ["name", "store", "telemetry", "parallel_streams", "quotas", "sources", "destinations", "streams", "endpoints", "lookups", "server"];

    private static string ValueOf(string variable) => variable switch
    {
        "DATABASE_URL" => "postgresql://me:secret@localhost/db",
        "MONGODB_URL" => "mongodb://me:secret@localhost/db",
        _ => "http://localhost:9000",
    };

    [Fact]
    public async Task Yaml_blocks_are_valid_configurations()
    {
        var blocks = Docs.Blocks("yaml").ToList();
        blocks.Count.ShouldBeGreaterThan(6);
        foreach (var block in blocks)
        {
            using var directory = new TempDirectory();
            directory.File("tidemark.yaml", Whole(block));
            var variables = Docs.Find(block.Text, @"\$\{(?<found>\w+)").Append("SHOP_URL").Distinct(StringComparer.Ordinal);
            var result = await Tool.RunAsync(directory.Path, variables.ToDictionary(v => v, ValueOf, StringComparer.Ordinal), "validate");
            result.ExitCode.ShouldBe(0, $"{block.Text}\n{result.Error}");
        }
    }

    [Fact]
    public async Task Shell_blocks_use_commands_and_options_that_exist()
    {
        var lines = Docs.Blocks("sh").SelectMany(b => b.Text.Split('\n')).Select(l => l.Trim()).Where(l => l.StartsWith("tidemark ", StringComparison.Ordinal) || l.StartsWith("./tidemark ", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBeGreaterThan(20);
        using var directory = new TempDirectory();
        var helps = new Dictionary<string, ToolResult>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var words = line.Split(['|', '>', '&'])[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            var command = words[0] is "failed" or "key" or "lookup" ? words[..2] : words[..1];
            var name = string.Join(' ', command);
            if (!helps.TryGetValue(name, out var help)) helps[name] = help = await Tool.RunAsync(directory.Path, null, [.. command, "--help"]);
            help.ExitCode.ShouldBe(0, line);
            help.Output.ShouldContain($"tidemark {name}", customMessage: line);
            var options = Docs.Find(help.Output, @"(^|[\s,])(?<found>--?\w[\w-]*)").ToList();
            foreach (var option in words.Where(w => w.StartsWith('-'))) options.Contains(option, StringComparer.Ordinal).ShouldBeTrue($"{line}: no {option} in\n{help.Output}");
        }
    }

    [Fact]
    public async Task Every_command_has_a_section()
    {
        using var directory = new TempDirectory();
        var help = (await Tool.RunAsync(directory.Path, null, "--help")).Output;
        var commands = Docs.Find(help.Split("Commands:")[1].Split("Examples:")[0], @"^  (?<found>\w+) ").ToList();
        commands.Count.ShouldBeGreaterThan(8);
        commands.Except(Docs.Anchors(Path.Combine(Repository.Root, "docs", "cli.md")), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("cli.md")]
    public void Exit_codes_are_those_of_the_program(string file)
    {
        var type = Assembly.Load("Tidemark.Cli").GetTypes().Single(t => t.Name == "ExitCode");
        var codes = type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => f.GetRawConstantValue()!.ToString());
        Docs.Rows(file, "exit").Select(r => r[0]).ShouldBe(codes, ignoreOrder: true);
    }

    [Fact]
    public void Keys_in_the_documentation_are_those_of_the_schema()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "tidemark.schema.json")))!;
        var (here, later) = (new SortedSet<string>(StringComparer.Ordinal), new SortedSet<string>(StringComparer.Ordinal));
        Collect(schema, here, later);
        here.Count.ShouldBeGreaterThan(70);

        Docs.Rows("configuration.md", "key").SelectMany(r => Docs.Code(r[0])).Distinct(StringComparer.Ordinal).ShouldBe(here, ignoreOrder: true);

        var text = Docs.Text("configuration.md");
        Docs.Code(text[text.IndexOf("## Not available", StringComparison.Ordinal)..]).Intersect(later, StringComparer.Ordinal).ShouldBe(later, ignoreOrder: true);
    }

    [Fact]
    public void Relative_links_lead_somewhere()
    {
        foreach (var file in Docs.Files)
        {
            foreach (var link in Docs.Links(file).Where(l => !l.Contains("://", StringComparison.Ordinal)))
            {
                var parts = link.Split('#');
                var target = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0]));
                Path.Exists(target).ShouldBeTrue($"{Path.GetFileName(file)}: {link}");
                if (parts.Length > 1) Docs.Anchors(target).ShouldContain(a => a == parts[1], $"{Path.GetFileName(file)}: {link}");
            }
        }
    }

    [Fact]
    public void Every_guarantee_has_a_test_and_every_test_of_one_a_line()
    {
        var lines = Docs.Find(Docs.Text("guarantees.md"), @"^- \*\*(?<found>G\d+)\*\* ").ToList();
        // Numbers stay what they are: a new line gets one that was never used, wherever it stands.
        lines.ShouldBeUnique(StringComparer.Ordinal);
        // Of all test projects: some guarantees are held by models on a clock of their own.
        var tests = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Docs.Find(File.ReadAllText(f), @"\[Trait\(""guarantee"", ""(?<found>G\d+)""\)\]"));
        tests.Distinct(StringComparer.Ordinal).ShouldBe(lines, ignoreOrder: true);
    }

    private static void Collect(JsonNode? node, SortedSet<string> here, SortedSet<string> later)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) Collect(item, here, later);
        }
        if (node is not JsonObject mapping) return;
        foreach (var (name, value) in mapping)
        {
            if (name == "properties" && value is JsonObject properties)
            {
                foreach (var (key, property) in properties) (property is JsonObject p && p["not"] is not null ? later : here).Add(key);
                foreach (var (_, property) in properties) Collect(property, here, later);
            }
            else
            {
                Collect(value, here, later);
            }
        }
    }

    // A fragment is a source or a stream; what is missing around it is put there.
    private static string Whole(DocBlock block)
    {
        var first = block.Text.Split('\n').First(l => l.Length > 0 && l[0] is not ('#' or ' ')).Split(':')[0];
        if (!block.Info.EndsWith("fragment", StringComparison.Ordinal)) return block.Text;
        TopLevel.Contains(first, StringComparer.Ordinal).ShouldBeFalse("a fragment is a source or a stream");
        var indented = string.Join('\n', block.Text.Split('\n').Select(l => "    " + l));
        var source = first == "type" ? $"  api:\n{indented}" : "  api: { type: rest, url: \"${SHOP_URL}\" }";
        var stream = first == "type" ? "  items: { primary_key: id }" : $"  items:\n{indented}";
        return $"name: fragment\nsources:\n{source}\ndestinations:\n  local: {{ type: sqlite, path: local.db }}\nstreams:\n{stream}\n";
    }
}
