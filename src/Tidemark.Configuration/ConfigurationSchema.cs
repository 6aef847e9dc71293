using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Configuration.Shapes;

namespace Tidemark.Configuration;

/// <summary>The JSON schema of a configuration, for completion and checks in editors; made from the declarations that the reader reads by.</summary>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, JSON Schema draft 2020-12: the same text for the same connectors, whatever their order.</summary>
    /// <param name="connectors">What sources and destinations may be.</param>
    public static string Generate(ConnectorRegistry connectors)
    {
        var root = PipelineShape.Keys(connectors.Sources, connectors.Destinations, connectors.Computations).Schema();
        var schema = (JsonObject)SchemaText.AllowVariables(SchemaText.Sorted(root))!;
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "tidemark.yaml");
        return schema.ToJsonString(Options) + "\n";
    }
}
