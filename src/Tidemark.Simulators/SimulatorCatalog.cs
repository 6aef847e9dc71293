using Tidemark.Simulators.Communes;
using Tidemark.Simulators.Crm;
using Tidemark.Simulators.Enrichment;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Keepa;
using Tidemark.Simulators.Records;
using Tidemark.Simulators.Sirene;

namespace Tidemark.Simulators;

/// <summary>The APIs that can be simulated.</summary>
public static class SimulatorCatalog
{
    private static readonly Dictionary<string, Func<SimulatorOptions, StampClock, ISimulator>> Makers =
        new(StringComparer.Ordinal)
        {
            ["crm"] = static (options, clock) => new CrmSimulator(options, clock),
            ["communes"] = static (options, clock) => new CommunesSimulator(options, clock),
            ["sirene"] = static (options, clock) => new SireneSimulator(options, clock),
            ["keepa"] = static (options, _) => new KeepaSimulator(options),
            ["enrichment"] = static (options, _) => new EnrichmentSimulator(options),
        };

    /// <summary>Their names, as <see cref="RunningSimulator.StartAsync"/> takes them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Makers.Keys];

    internal static ISimulator Create(string name, SimulatorOptions options, StampClock clock) =>
        Makers.TryGetValue(name, out var make)
            ? make(options, clock)
            : throw new ArgumentException($"Unknown simulator '{name}'; known are {string.Join(", ", Names)}.", nameof(name));
}
