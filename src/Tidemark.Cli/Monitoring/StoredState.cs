using Tidemark.Quotas;
using Tidemark.Runs;
using Tidemark.Runs.Forecasts;
using Tidemark.Slices;

namespace Tidemark.Cli.Monitoring;

/// <summary>What the store tells of a pipeline at one moment.</summary>
/// <param name="Slices">The slices of streams that have some.</param>
/// <param name="Quotas">How the quotas stand.</param>
/// <param name="Forecasts">What runs that go on foretell, newest first; one that was killed has left its last one.</param>
/// <param name="Runs">The latest runs that have ended, newest first.</param>
internal sealed record StoredState(Dictionary<string, SliceStatistics> Slices, IReadOnlyList<QuotaStatus> Quotas, IReadOnlyList<RunForecast> Forecasts, IReadOnlyList<RunReport> Runs);
