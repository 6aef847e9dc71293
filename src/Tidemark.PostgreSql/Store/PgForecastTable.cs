using Tidemark.PostgreSql.Native;
using Tidemark.Runs;

namespace Tidemark.PostgreSql.Store;

/// <summary>What runs that go on foretell of themselves.</summary>
internal static class PgForecastTable
{
    /// <summary>Keeps that of a run.</summary>
    public static async Task<bool> KeepAsync(Session session, KeptForecast forecast, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("DELETE FROM tidemark.run_forecasts WHERE pipeline = $1 AND made_at < $2", cancellationToken, forecast.PipelineName, StoreText.Of(forecast.MadeAt - KeptForecast.Oldest));
        await session.ExecuteAsync(
            """
            INSERT INTO tidemark.run_forecasts(pipeline, run_id, made_at, forecast) VALUES($1, $2, $3, $4)
            ON CONFLICT(pipeline, run_id) DO UPDATE SET made_at = excluded.made_at, forecast = excluded.forecast
            """, cancellationToken, forecast.PipelineName, forecast.RunId, StoreText.Of(forecast.MadeAt), forecast.Forecast);
        return true;
    }

    /// <summary>Forgets that of a run.</summary>
    public static Task<long> RemoveAsync(Session session, string pipeline, string runId, CancellationToken cancellationToken) =>
        session.ExecuteAsync("DELETE FROM tidemark.run_forecasts WHERE pipeline = $1 AND run_id = $2", cancellationToken, pipeline, runId);

    /// <summary>Those of a pipeline, newest first.</summary>
    public static async Task<IReadOnlyList<KeptForecast>> ListAsync(Session session, string pipeline, CancellationToken cancellationToken) =>
        [.. (await session.RowsAsync("SELECT run_id, made_at, forecast FROM tidemark.run_forecasts WHERE pipeline = $1 ORDER BY made_at DESC, run_id DESC", cancellationToken, pipeline))
            .Select(r => new KeptForecast(pipeline, (string)r[0]!, StoreText.Time(r[1])!.Value, (string)r[2]!))];
}
