using Tidemark.Access;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Lookups;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Store;
using Tidemark.Runs;
using Tidemark.Slices;

namespace Tidemark.PostgreSql;

/// <summary>
/// A store in the schema <c>tidemark</c> of a PostgreSQL database. Safe for several tasks and processes at once; what a call has kept is committed when its task completes. Works behind a transaction
/// pooler. An error that may pass is met with some more attempts.
/// </summary>
/// <remarks>Errors are <see cref="DestinationException"/>.</remarks>
public sealed class PostgreSqlStore : IStore
{
    private readonly PgStoreConnection _connection;

    private PostgreSqlStore(PgStoreConnection connection) => _connection = connection;

    /// <summary>Opens a store, makes its schema if missing, and brings it up to date.</summary>
    /// <param name="database">Where it is; of its schema nothing is used, the store has one of its own.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The database can't be used, or a newer version has written the store.</exception>
    public static async Task<PostgreSqlStore> OpenAsync(PostgreSqlDestination database, TimeProvider time, CancellationToken cancellationToken) =>
        (await OpenAsync(database, time, mayMake: true, cancellationToken))!;

    /// <summary>Opens a store that is there, for somebody who only looks; nothing is made.</summary>
    /// <param name="database">Where it is; of its schema nothing is used, the store has one of its own.</param>
    /// <param name="time">The clock for waits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The store, brought up to date; null: there is none yet.</returns>
    /// <exception cref="DestinationException">The database can't be used, or a newer version has written the store.</exception>
    public static Task<PostgreSqlStore?> OpenExistingAsync(PostgreSqlDestination database, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(database, time, mayMake: false, cancellationToken);

    private static async Task<PostgreSqlStore?> OpenAsync(PostgreSqlDestination database, TimeProvider time, bool mayMake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(time);
        var connection = new PgStoreConnection(PgServer.Of(database.Url.Reveal(), database.Password?.Reveal()), time);
        try
        {
            if (!mayMake && !await PgMigrations.AreBegunAsync(connection, cancellationToken))
            {
                await connection.DisposeAsync();
                return null;
            }
            await PgMigrations.ApplyAsync(connection, cancellationToken);
            return new PostgreSqlStore(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks whether a store can be opened and used; changes nothing.</summary>
    /// <param name="database">Where it is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">It can't; the message tells what is missing.</exception>
    public static async Task CheckAsync(PostgreSqlDestination database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var server = PgServer.Of(database.Url.Reveal(), database.Password?.Reveal());
        await using var session = await server.ConnectAsync(cancellationToken);
        await PgStoreRights.CheckAsync(session, server.Name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task AddRunAsync(RunReport report, CancellationToken cancellationToken) => _connection.InTransactionAsync(s => PgRunTable.AddAsync(s, report, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunReport>> ListRunsAsync(string pipeline, int limit, string? before, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgRunTable.ListAsync(s, pipeline, limit, before, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<RunReport?> FindRunAsync(string pipeline, string runId, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgRunTable.FindAsync(s, pipeline, runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken) =>
        _connection.InTransactionAsync(s => PgFailedRecordTable.AddAsync(s, records, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgFailedRecordTable.ListAsync(s, pipeline, stream, status, limit, before, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OpenRecord>> ListOpenAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgFailedRecordTable.ListOpenAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountOpenAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgFailedRecordTable.CountOpenAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailedRecord>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgFailedRecordTable.GetAsync(s, ids, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(status, FailedRecordStatus.Open);
        return _connection.UseAsync(s => PgFailedRecordTable.CloseAsync(s, ids, status, at, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken)
    {
        var purged = 0L;
        while (await _connection.UseAsync(s => PgFailedRecordTable.PurgeSomeAsync(s, pipeline, closedBefore, cancellationToken), cancellationToken) is > 0 and var some) purged += some;
        return purged;
    }

    /// <inheritdoc/>
    public Task<FailedRecord?> FindAsync(string id, CancellationToken cancellationToken) => _connection.UseAsync(s => PgFailedRecordTable.FindAsync(s, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceSlicesAsync(string pipeline, string stream, IReadOnlyList<SliceState> slices, CancellationToken cancellationToken) =>
        _connection.InTransactionAsync(s => PgSliceTable.ReplaceAsync(s, pipeline, stream, slices, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateSliceAsync(string pipeline, string stream, SliceState slice, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgSliceTable.UpdateAsync(s, pipeline, stream, slice, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SliceStatistics>> SummarizeSlicesAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgSliceTable.SummarizeAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SliceState>> ListSlicesAsync(string pipeline, string stream, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgSliceTable.ListAsync(s, pipeline, stream, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepForecastAsync(KeptForecast forecast, CancellationToken cancellationToken) =>
        _connection.InTransactionAsync(s => PgForecastTable.KeepAsync(s, forecast, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveForecastAsync(string pipeline, string runId, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgForecastTable.RemoveAsync(s, pipeline, runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeptForecast>> ListForecastsAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgForecastTable.ListAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepAnswersAsync(IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgAnswerTable.KeepAsync(s, answers, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAnswersAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgAnswerTable.FindAsync(s, ids, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAnswersAsync(string askedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgAnswerTable.CountAsync(s, askedBy, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken) => _connection.UseAsync(s => PgAnswerTable.PurgeAsync(s, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken) =>
        _connection.InTransactionAsync(s => PgQuotaTable.UpdateAsync(s, quota, change, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(string pipeline, ApiKey key, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgApiKeyTable.AddAsync(s, pipeline, key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListKeysAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgApiKeyTable.ListAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgApiKeyTable.RevokeAsync(s, pipeline, name, at, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> TakeLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, TimeSpan length, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.TakeAsync(s, lookup, keys, owner, length, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, LookupLease>> FindLeasesAsync(string lookup, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.FindLeasesAsync(s, lookup, keys, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task EndLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, string? failure, TimeSpan kept, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.EndAsync(s, lookup, keys, owner, failure, kept, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset until, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.KeepNegativesAsync(s, lookup, keys, until, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> FindNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.FindNegativesAsync(s, lookup, keys, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> AddCountsAsync(string lookup, LookupCounts counts, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.AddCountsAsync(s, lookup, counts, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, LookupCounts>> ReadCountsAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupTables.ReadCountsAsync(s, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task PurgeLookupAsync(string lookup, bool isEmptied, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.InTransactionAsync(s => PgLookupTables.PurgeAsync(s, lookup, isEmptied, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<AlertSpan?> TakeAlertAsync(string lookup, string alert, bool isOn, DateTimeOffset now, TimeSpan held, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupAlertTable.TakeAsync(s, lookup, alert, isOn, now, held, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task EndAlertAsync(string lookup, string alert, bool isOn, CancellationToken cancellationToken) =>
        _connection.UseAsync(s => PgLookupAlertTable.EndAsync(s, lookup, alert, isOn, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
