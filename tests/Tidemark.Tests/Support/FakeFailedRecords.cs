using System.Text;
using Tidemark.Failures;

namespace Tidemark.Tests.Support;

/// <summary>Failed records in memory.</summary>
/// <param name="before">Called with the name of each call before anything is done: it may throw.</param>
internal sealed class FakeFailedRecords(Action<string>? before = null) : IFailedRecordStore
{
    private readonly Dictionary<string, FailedRecord> _byId = new(StringComparer.Ordinal);

    public IEnumerable<string> Payloads => _byId.Values.Select(r => Encoding.UTF8.GetString(r.Payload.Span));

    public IReadOnlyCollection<FailedRecord> All => _byId.Values;

    public Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken)
    {
        before?.Invoke(nameof(AddAsync));
        foreach (var record in records)
            _byId[record.Id] = record with { Attempts = _byId.TryGetValue(record.Id, out var known) ? known.Attempts + 1 : 1, Status = FailedRecordStatus.Open, ClosedAt = null };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, FailedRecordStatus? status, int limit, string? before, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FailedRecord>>([.. _byId.Values.Where(r => status is null || r.Status == status).Take(limit)]);

    public Task<IReadOnlyList<OpenRecord>> ListOpenAsync(string pipeline, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OpenRecord>>([.. _byId.Values.Where(r => r.Status == FailedRecordStatus.Open).Select(r => new OpenRecord(r.Id, r.Stream))]);

    public Task<long> CountOpenAsync(string pipeline, CancellationToken cancellationToken) => Task.FromResult(_byId.Values.LongCount(r => r.Status == FailedRecordStatus.Open));

    public Task<IReadOnlyList<FailedRecord>> GetAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        before?.Invoke(nameof(GetAsync));
        return Task.FromResult<IReadOnlyList<FailedRecord>>([.. _byId.Values.Where(r => ids.Contains(r.Id, StringComparer.Ordinal))]);
    }

    public Task CloseAsync(IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
        before?.Invoke(nameof(CloseAsync));
        foreach (var id in ids) _byId[id] = _byId[id] with { Status = status, ClosedAt = at };
        return Task.CompletedTask;
    }

    public Task<long> PurgeAsync(string pipeline, DateTimeOffset closedBefore, CancellationToken cancellationToken)
    {
        var closed = _byId.Values.Where(r => r.ClosedAt < closedBefore).ToList();
        foreach (var record in closed) _byId.Remove(record.Id);
        return Task.FromResult((long)closed.Count);
    }

    public Task<FailedRecord?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_byId.GetValueOrDefault(id));
}
