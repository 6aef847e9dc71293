using Microsoft.Data.Sqlite;
using Tidemark.Runs;

namespace Tidemark.Sqlite.Store;

/// <summary>What runs that go on foretell of themselves.</summary>
internal static class ForecastTable
{
    /// <summary>Keeps that of a run.</summary>
    public static async Task KeepAsync(SqliteConnection connection, KeptForecast forecast, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var forget = Command.Of(connection, "DELETE FROM run_forecasts WHERE pipeline = $pipeline AND made_at < $oldest",
            ("$pipeline", forecast.PipelineName), ("$oldest", Command.Of(forecast.MadeAt - KeptForecast.Oldest)));
        await forget.ExecuteNonQueryAsync(cancellationToken);
        await using var keep = Command.Of(connection,
            "INSERT INTO run_forecasts(pipeline, run_id, made_at, forecast) VALUES($pipeline, $run, $at, $forecast) ON CONFLICT(pipeline, run_id) DO UPDATE SET made_at = excluded.made_at, forecast = excluded.forecast",
            ("$pipeline", forecast.PipelineName), ("$run", forecast.RunId), ("$at", Command.Of(forecast.MadeAt)), ("$forecast", forecast.Forecast));
        await keep.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Forgets that of a run.</summary>
    public static async Task RemoveAsync(SqliteConnection connection, string pipeline, string runId, CancellationToken cancellationToken)
    {
        await using var remove = Command.Of(connection, "DELETE FROM run_forecasts WHERE pipeline = $pipeline AND run_id = $run", ("$pipeline", pipeline), ("$run", runId));
        await remove.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Those of a pipeline, newest first.</summary>
    public static async Task<IReadOnlyList<KeptForecast>> ListAsync(SqliteConnection connection, string pipeline, CancellationToken cancellationToken)
    {
        await using var command = Command.Of(connection, "SELECT run_id, made_at, forecast FROM run_forecasts WHERE pipeline = $pipeline ORDER BY made_at DESC, run_id DESC", ("$pipeline", pipeline));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<KeptForecast>();
        while (await row.ReadAsync(cancellationToken)) all.Add(new KeptForecast(pipeline, row.GetString(0), Command.Time(row, 1), row.GetString(2)));
        return all;
    }
}
