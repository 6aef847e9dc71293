namespace Tidemark.Runs;

/// <summary>What a run that goes on foretells of itself.</summary>
/// <param name="PipelineName">The pipeline.</param>
/// <param name="RunId">The run.</param>
/// <param name="MadeAt">The moment that it was made for.</param>
/// <param name="Forecast">The forecast, in its own stored form.</param>
public sealed record KeptForecast(string PipelineName, string RunId, DateTimeOffset MadeAt, string Forecast)
{
    /// <summary>How much older than the newest one another one may be.</summary>
    public static TimeSpan Oldest { get; } = TimeSpan.FromDays(1);
}
