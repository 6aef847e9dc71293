namespace Tidemark.Runs;

/// <summary>Keeps what runs that go on foretell of themselves, for whoever watches them from another process. Safe for several tasks and processes at once.</summary>
public interface IForecastStore
{
    /// <summary>Keeps a run's latest forecast in the place of the one before, and forgets those of the pipeline that are more than a day older: of runs that could not take theirs away.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task KeepForecastAsync(KeptForecast forecast, CancellationToken cancellationToken);

    /// <summary>Forgets that of a run that has ended.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task RemoveForecastAsync(string pipeline, string runId, CancellationToken cancellationToken);

    /// <summary>Those of a pipeline, newest first. A run that was killed has left its last one.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<KeptForecast>> ListForecastsAsync(string pipeline, CancellationToken cancellationToken);
}
