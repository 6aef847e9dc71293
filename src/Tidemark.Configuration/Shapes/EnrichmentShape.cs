using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Enrichment;
using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>What a stream asks another source about each record: the engine's keys beside those of that source's <c>request</c>, all in one mapping.</summary>
internal static class EnrichmentShape
{
    /// <summary>Where the value is in an answer: the key of a stream of that source.</summary>
    public const string Records = "records";

    /// <summary>The keys of a stream that hold what is asked.</summary>
    public const string Request = "request";

    private static readonly Format<string> Into = new ScalarFormat<string>("the name of a field: letters, digits, '_' and '-'",
        s => (s.Text.Length > 0 && !s.IsNull && s.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'), s.Text), () => new JsonObject { ["type"] = "string" });

    /// <summary>The engine's keys.</summary>
    public static Shape<EnrichmentDefinition> Keys { get; } = new Shape<EnrichmentDefinition>("What another source is asked about each record.",
            () => new EnrichmentDefinition { Source = "", Request = NoRequest.Instance, Fingerprint = "", Into = "" })
        .Required("source", Formats.Text, (d, v) => d with { Source = v }, "The name of the source that is asked.")
        .Required("into", Into, (d, v) => d with { Into = v }, "The field of the record that takes the answer; one that records do not bring themselves.")
        .Optional("enabled", Formats.Boolean, (d, _) => d, "False: nobody is asked, and rules for the field that takes the answer are left out. Default: true.")
        .Optional("group", Formats.Integer(1, 10_000), (d, v) => d with { Group = (int)v }, "How many records one call asks about at most, 1 to 10 000. Default: 1.")
        .Optional("match", new EnrichmentMatchFormat(), (d, v) => d with { Match = v }, "The field that an answer and its record have in common. Default: answers come in the order of the records.")
        .Optional("parallel", Formats.Integer(1, 1000), (d, v) => d with { Parallel = (int)v }, "How many calls are under way at once, 1 to 1000. Default: 10.")
        .Optional("timeout", Formats.Duration, (d, v) => d with { Timeout = v }, "How long an answer may take, retries and their waits included. Default: as the source is configured.")
        .Optional("keep", Formats.Duration, (d, v) => d with { Keep = v }, "How long answers are kept in the store and not asked for again. Default: 30d.")
        .Rule(d => d.Timeout == TimeSpan.Zero ? ("timeout", "found 0s, expected a duration above 0, such as 30s") : null);

    /// <summary>False if it is switched off.</summary>
    /// <param name="node">What was written; it was read without a problem.</param>
    public static bool IsEnabled(ConfigNode node) => (node as MappingNode)?["enabled"] is not { } enabled || (Formats.Boolean.TryRead(enabled, new ConfigProblems(), out var value) && value);

    /// <summary>The schema of both kinds of key.</summary>
    /// <param name="connectors">What sources may be.</param>
    public static JsonObject Schema(IEnumerable<SourceConnector> connectors)
    {
        var schema = Keys.Schema();
        var properties = (JsonObject)schema["properties"]!;
        foreach (var stream in connectors.OrderBy(c => c.Type, StringComparer.Ordinal).Select(c => (JsonObject)c.StreamSchema()["properties"]!))
        {
            foreach (var (key, property) in stream[Request]?["properties"] as JsonObject ?? []) properties.TryAdd(key, property!.DeepClone());
            if (stream[Records] is { } records) properties.TryAdd(Records, records.DeepClone());
        }
        return schema;
    }
}
