using System.Collections.Concurrent;
using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>The quotas of a run: one gate each, whatever number of sources and streams passes it.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="ledger">Where their state is kept; null: it ends with the run.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads attempts.</param>
internal sealed class RunQuotas(PipelineDefinition pipeline, IQuotaLedger? ledger, TimeProvider time, Random random) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<QuotaGate>> _gates = new(StringComparer.Ordinal);
    private readonly IQuotaLedger _ledger = ledger is null ? new MemoryLedger(time) : new SteadyLedger(ledger, time, random);

    /// <summary>Where their state is kept.</summary>
    public IQuotaLedger Ledger => _ledger;

    /// <summary>What is waited for at present.</summary>
    public IReadOnlyList<QuotaWait> Waits => [.. _gates.Values.Select(g => g.Value.Waiting).OfType<QuotaWait>()];

    /// <summary>The quota of a source; null: it has none.</summary>
    public IQuota? Of(string source) => pipeline.Sources[source].Quota is { } use
        ? _gates.GetOrAdd(use.Name, name => new Lazy<QuotaGate>(() => new QuotaGate(name, pipeline.Quotas[name], _ledger, time))).Value
        : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in _gates.Values) await gate.Value.DisposeAsync();
    }
}
