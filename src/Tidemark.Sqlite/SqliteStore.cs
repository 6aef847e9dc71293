using Tidemark.Access;
using Tidemark.Destinations;
using Tidemark.Enrichment;
using Tidemark.Failures;
using Tidemark.Lookups;
using Tidemark.Runs;
using Tidemark.Slices;
using Tidemark.Sqlite.Store;

namespace Tidemark.Sqlite;

/// <summary>A store in an SQLite file. Safe for several tasks and processes at once; what a call has kept is on disk when its task completes.</summary>
/// <remarks>Errors are <see cref="DestinationException"/>.</remarks>
public sealed class SqliteStore : IStore
{
    private readonly StoreConnection _connection;

    private readonly TimeProvider _time;

    private SqliteStore(StoreConnection connection, TimeProvider time) => (_connection, _time) = (connection, time);

    /// <summary>Opens a store, makes it and its directory if missing, and brings its schema up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The file can't be used, or a newer version has written it.</exception>
    public static async Task<SqliteStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DestinationException(DestinationFault.Fatal, $"the directory of the store '{path}' can't be made: {e.Message}", e);
        }
        var connection = new StoreConnection(path);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.UseAsync(c =>
            {
                Migrations.Apply(c, path, time.GetUtcNow());
                return Task.FromResult(true);
            }, cancellationToken);
            return new SqliteStore(connection, time);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a store that is there, for somebody who only looks; nothing is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The store, its schema brought up to date; null: there is none yet.</returns>
    /// <exception cref="DestinationException">The file can't be used, or a newer version has written it.</exception>
    public static async Task<SqliteStore?> OpenExistingAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        File.Exists(path) ? await OpenAsync(path, time, cancellationToken) : null;

    /// <inheritdoc/>
    public Task AddRunAsync(RunReport report, CancellationToken cancellationToken) => RunAsync(c => RunTable.AddAsync(c, report, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunReport>> ListRunsAsync(string pipeline, int limit, string? before, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => RunTable.ListAsync(c, pipeline, limit, before, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<RunReport?> FindRunAsync(string pipeline, string runId, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => RunTable.FindAsync(c, pipeline, runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken) => RunAsync(c => FailedRecordTable.AddAsync(c, records, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => FailedRecordTable.ListAsync(c, pipeline, stream, status, limit, before, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OpenRecord>> ListOpenAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => FailedRecordTable.ListOpenAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountOpenAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => FailedRecordTable.CountOpenAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FailedRecord>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => FailedRecordTable.GetAsync(c, ids, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task CloseAsync(IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(status, FailedRecordStatus.Open);
        return RunAsync(c => FailedRecordTable.CloseAsync(c, ids, status, at, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<long> PurgeAsync(string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken)
    {
        var purged = 0L;
        while (await _connection.UseAsync(c => FailedRecordTable.PurgeSomeAsync(c, pipeline, closedBefore, cancellationToken), cancellationToken) is > 0 and var some) purged += some;
        return purged;
    }

    /// <inheritdoc/>
    public Task<FailedRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => FailedRecordTable.FindAsync(c, id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceSlicesAsync(string pipeline, string stream, IReadOnlyList<SliceState> slices, CancellationToken cancellationToken) =>
        RunAsync(c => SliceTable.ReplaceAsync(c, pipeline, stream, slices, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateSliceAsync(string pipeline, string stream, SliceState slice, CancellationToken cancellationToken) =>
        RunAsync(c => SliceTable.UpdateAsync(c, pipeline, stream, slice, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SliceStatistics>> SummarizeSlicesAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => SliceTable.SummarizeAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SliceState>> ListSlicesAsync(string pipeline, string stream, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => SliceTable.ListAsync(c, pipeline, stream, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepForecastAsync(KeptForecast forecast, CancellationToken cancellationToken) => RunAsync(c => ForecastTable.KeepAsync(c, forecast, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveForecastAsync(string pipeline, string runId, CancellationToken cancellationToken) =>
        RunAsync(c => ForecastTable.RemoveAsync(c, pipeline, runId, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeptForecast>> ListForecastsAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => ForecastTable.ListAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepAnswersAsync(IReadOnlyList<KeptAnswer> answers, CancellationToken cancellationToken) => RunAsync(c => AnswerTable.KeepAsync(c, answers, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FindAnswersAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => AnswerTable.FindAsync(c, ids, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> CountAnswersAsync(string askedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => AnswerTable.CountAsync(c, askedBy, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(c => AnswerTable.PurgeAsync(c, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task UpdateQuotaAsync(string quota, Func<string?, DateTimeOffset, string?> change, CancellationToken cancellationToken) =>
        RunAsync(c => QuotaTable.UpdateAsync(c, quota, change, _time, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(string pipeline, ApiKey key, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => ApiKeyTable.AddAsync(c, pipeline, key, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListKeysAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => ApiKeyTable.ListAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string pipeline, string name, DateTimeOffset at, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => ApiKeyTable.RevokeAsync(c, pipeline, name, at, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> TakeLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, TimeSpan length, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupTables.TakeAsync(c, lookup, keys, owner, _time.GetUtcNow(), length, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, LookupLease>> FindLeasesAsync(string lookup, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupTables.FindLeasesAsync(c, lookup, keys, _time.GetUtcNow(), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task EndLeasesAsync(string lookup, IReadOnlyCollection<string> keys, string owner, string? failure, TimeSpan kept, CancellationToken cancellationToken) =>
        RunAsync(c => LookupTables.EndAsync(c, lookup, keys, owner, failure, _time.GetUtcNow() + kept, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task KeepNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset until, CancellationToken cancellationToken) =>
        RunAsync(c => LookupTables.KeepNegativesAsync(c, lookup, keys, until, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> FindNegativesAsync(string lookup, IReadOnlyCollection<string> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupTables.FindNegativesAsync(c, lookup, keys, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<long> AddCountsAsync(string lookup, LookupCounts counts, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupTables.AddCountsAsync(c, lookup, counts, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, LookupCounts>> ReadCountsAsync(string pipeline, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupTables.ReadCountsAsync(c, pipeline, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task PurgeLookupAsync(string lookup, bool isEmptied, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(c => LookupTables.PurgeAsync(c, lookup, isEmptied, now, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<AlertSpan?> TakeAlertAsync(string lookup, string alert, bool isOn, DateTimeOffset now, TimeSpan held, CancellationToken cancellationToken) =>
        _connection.UseAsync(c => LookupAlertTable.TakeAsync(c, lookup, alert, isOn, now, _time.GetUtcNow(), held, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task EndAlertAsync(string lookup, string alert, bool isOn, CancellationToken cancellationToken) =>
        RunAsync(c => LookupAlertTable.EndAsync(c, lookup, alert, isOn, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<bool> RunAsync(Func<Microsoft.Data.Sqlite.SqliteConnection, Task> work, CancellationToken cancellationToken) => _connection.UseAsync(async c =>
    {
        await work(c);
        return true;
    }, cancellationToken);
}
