using Tidemark.Quotas;

namespace Tidemark.Runs;

/// <summary>A run as it goes, for a display: read it at any time.</summary>
public sealed class RunProgress
{
    private volatile IReadOnlyList<StreamProgress> _streams = [];

    private volatile RunQuotas? _quotas;

    /// <summary>The run's id; null until it starts.</summary>
    public string? RunId { get; internal set; }

    /// <summary>What calls are waiting for at present, by quota.</summary>
    public IReadOnlyList<QuotaWait> QuotaWaits => _quotas?.Waits ?? [];

    internal RunQuotas? Quotas
    {
        get => _quotas;
        set => _quotas = value;
    }

    /// <summary>The streams of the run, in declared order; empty until it starts.</summary>
    public IReadOnlyList<StreamProgress> Streams
    {
        get => _streams;
        internal set => _streams = value;
    }
}
