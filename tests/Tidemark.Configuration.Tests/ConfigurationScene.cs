using System.Text;
using Tidemark.Definitions;
using Tidemark.Runs;

namespace Tidemark.Configuration.Tests;

/// <summary>A directory with a configuration in it, and what reading it says.</summary>
public sealed class ConfigurationScene : IDisposable
{
    /// <summary>What stands before the streams in most tests: nine lines.</summary>
    public const string Head = """
        name: test
        sources:
          api: { type: rest, url: "http://localhost" }
        destinations:
          db: { type: sqlite, path: test.db }
        streams:

        """;

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("tidemark-config-").FullName;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string File => Path.Combine(Directory, "tidemark.yaml");

    public void WriteDotEnv(string text) => System.IO.File.WriteAllText(Path.Combine(Directory, ".env"), text);

    public PipelineDefinition Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public PipelineDefinition Read(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        return ConfigurationReader.Read(File, FakeConnectors.All, Environment);
    }

    /// <summary>The errors, a line each, with the directory taken out.</summary>
    public string[] Errors(string text) => Errors(Encoding.UTF8.GetBytes(text));

    public string[] Errors(byte[] bytes)
    {
        var e = Should.Throw<ConfigException>(() => Read(bytes));
        return [.. e.Problems.Select(p => p.ToString().Replace(Directory + "/", "", StringComparison.Ordinal))];
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
