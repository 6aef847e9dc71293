using System.Text.Json.Nodes;
using Tidemark.Configuration.Shapes;

namespace Tidemark.Configuration.Tests;

public sealed class ConfigurationSchemaTests
{
    /// <summary>What the product registers: the committed schema is made from it.</summary>
    private static readonly ConnectorRegistry Product = Cli.Hosting.Connectors.All;

    [Fact]
    public void The_committed_schema_is_in_step()
    {
        var file = Path.Combine(Root(), "docs", "tidemark.schema.json");
        var schema = ConfigurationSchema.Generate(Product);
        if (Environment.GetEnvironmentVariable("TIDEMARK_UPDATE") is "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, schema);
        }
        File.ReadAllText(file).ShouldBe(schema, "run this test with TIDEMARK_UPDATE=1 to write the file anew");
    }

    [Fact]
    public void It_does_not_depend_on_the_order_of_connectors() =>
        ConfigurationSchema.Generate(FakeConnectors.All with { Sources = [.. FakeConnectors.All.Sources.Reverse()] }).ShouldBe(ConfigurationSchema.Generate(FakeConnectors.All));

    [Fact]
    public void Every_key_that_the_reader_knows_is_in_it_and_no_other()
    {
        var schema = JsonNode.Parse(ConfigurationSchema.Generate(FakeConnectors.All))!;
        schema["$schema"]!.GetValue<string>().ShouldBe("https://json-schema.org/draft/2020-12/schema");
        KeysOf(schema).ShouldBe(Sorted(PipelineShape.Keys(FakeConnectors.All.Sources, FakeConnectors.All.Destinations, FakeConnectors.All.Computations).Keys));
        var stream = schema["properties"]!["streams"]!["additionalProperties"]!;
        KeysOf(stream).ShouldBe(Sorted(StreamShape.Keys.Keys.Concat(FakeConnectors.All.Sources.SelectMany(s => s.StreamKeys))));
        stream["properties"]!["metadata"]!.ToJsonString().ShouldBe("""{"not":{}}""", "a key of a later version is refused by the schema too");
    }

    [Fact]
    public void No_object_takes_unknown_keys_and_a_variable_may_stand_for_a_number()
    {
        var schema = JsonNode.Parse(ConfigurationSchema.Generate(FakeConnectors.All))!;
        var objects = Below(schema).OfType<JsonObject>().Where(o => o["properties"] is JsonObject && o["type"] is JsonValue).ToList();
        objects.Count.ShouldBeGreaterThan(10);
        foreach (var one in objects) one["additionalProperties"].ShouldNotBeNull(one.ToJsonString());
        schema["properties"]!["parallel_streams"]!["anyOf"]!.ToJsonString().ShouldBe("""[{"type":"integer","minimum":1,"maximum":64},{"type":"string","pattern":"\\$\\{"}]""");
        schema["properties"]!["parallel_streams"]!["description"]!.GetValue<string>().ShouldEndWith("Default: 1.");
    }

    private static IEnumerable<string> KeysOf(JsonNode schema) => ((JsonObject)schema["properties"]!).Select(p => p.Key).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sorted(IEnumerable<string> keys) => keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IEnumerable<JsonNode> Below(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => Below(p.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Below),
        _ => [],
    };

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Tidemark.slnx"))) directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("Tidemark.slnx");
        return directory;
    }
}
