using System.Text.RegularExpressions;
using Tidemark.Configuration.Lookups;
using Tidemark.Configuration.Shapes;
using Tidemark.Configuration.Streams;
using Tidemark.Configuration.Yaml;
using Tidemark.Definitions;
using Tidemark.Runs;

namespace Tidemark.Configuration;

/// <summary>Reads a configuration file.</summary>
public static partial class ConfigurationReader
{
    /// <summary>Values shorter than this are too common as words to be looked for in messages.</summary>
    private const int ShortestHiddenValue = 6;

    /// <summary>Reads a configuration with everything that belongs to it: YAML, <c>${NAME}</c>, and the <c>.env</c> beside it. It calls nobody and opens nothing else.</summary>
    /// <param name="file">The file; relative paths in it are relative to it.</param>
    /// <param name="connectors">What sources and destinations may be.</param>
    /// <param name="environment">The environment; it wins over <c>.env</c>.</param>
    /// <exception cref="ConfigException">Something is wrong; it has all that is, in the order of the file.</exception>
    public static PipelineDefinition Read(string file, ConnectorRegistry connectors, IReadOnlyDictionary<string, string> environment)
    {
        if (Directory.Exists(file)) throw Problem(file, "found a directory, expected a file; name it with -c FILE");
        if (!File.Exists(file)) throw Problem(file, $"there is no such file in {Path.GetDirectoryName(Path.GetFullPath(file))}; 'tidemark init' writes one that runs as it stands, -c FILE names another");
        var problems = new ConfigProblems();
        var text = Utf8File.Read(file, problems) ?? throw new ConfigException(problems.Items);

        var missing = new ConfigProblems();
        var variables = new VariableReplacer(DotEnv.Beside(file, environment, problems), missing);
        var pipeline = ReadPipeline(YamlNodes.Read(file, text, variables, problems), connectors, problems);
        if (problems.None && missing.None) return pipeline!;
        throw new ConfigException(ToShow(problems, missing, variables.Used));
    }

    private static PipelineDefinition? ReadPipeline(ConfigNode? root, ConnectorRegistry connectors, ConfigProblems problems)
    {
        if (root is null) return null;
        PipelineShape.Keys(connectors.Sources, connectors.Destinations, connectors.Computations).TryRead(root, problems, out var pipeline);
        if (pipeline is null || root is not MappingNode mapping) return null;
        QuotaLinks.Check(mapping, problems);
        // What is missing without streams is another thing than what is missing without anything to serve.
        if (mapping["streams"] is null && mapping["endpoints"] is null && mapping["lookups"] is null) problems.Add(mapping.Location, "the key 'streams' is missing");
        if ((mapping["streams"] ?? mapping["lookups"]) is not null && mapping["sources"] is null) problems.Add(mapping.Location, "the key 'sources' is missing");
        pipeline = pipeline with { Endpoints = EndpointLinks.Check(mapping, pipeline, pipeline.Endpoints.ToDictionary(e => e.Name, StringComparer.Ordinal), problems) };
        pipeline = pipeline with { Lookups = new LookupsReader(mapping, connectors.Sources, connectors.Computations, pipeline, problems).Read() };
        return pipeline with { Streams = new StreamsReader(mapping, connectors.Sources, pipeline.Destinations, problems).Read() };
    }

    // What is wrong with a value that has no value yet is not worth saying. A problem inside an anchor would be said once for each alias.
    private static IReadOnlyList<ConfigProblem> ToShow(ConfigProblems problems, ConfigProblems missing, IReadOnlyDictionary<string, string> used)
    {
        var places = missing.Items.Select(p => p.Location).ToHashSet();
        var all = new ConfigProblems();
        foreach (var problem in missing.Items.Concat(problems.Items.Where(p => !places.Contains(p.Location))).Distinct())
            all.Add(problem.Location, Hide(problem.Message, used));
        return all.Items;
    }

    // A last line of defence: whoever wrote the message, a value of the environment or a part of a URL may be a secret.
    private static string Hide(string message, IReadOnlyDictionary<string, string> used)
    {
        foreach (var (name, value) in used.Where(v => v.Value.Length >= ShortestHiddenValue).OrderByDescending(v => v.Value.Length))
            message = message.Replace(value, $"${{{name}}}", StringComparison.Ordinal);
        return SecretInUrl().Replace(message, "***");
    }

    // What stands in a URL for a user with a password, or for a parameter such as sslpassword.
    [GeneratedRegex(@"(?<=://)[^\s'@/]*:[^\s']*(?=@)|(?<=password=)[^\s'&]+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretInUrl();

    private static ConfigException Problem(string file, string message) => new([new ConfigProblem(new Location(file, 0, 0), message)]);
}
