using System.Text;
using Tidemark.Failures;

namespace Tidemark.Tests.Support;

/// <summary>Failed records in memory.</summary>
internal sealed class FakeFailedRecords : IFailedRecordStore
{
    private readonly Dictionary<string, FailedRecord> _byId = new(StringComparer.Ordinal);

    public IEnumerable<string> Payloads => _byId.Values.Select(r => Encoding.UTF8.GetString(r.Payload.Span));

    public IReadOnlyCollection<FailedRecord> All => _byId.Values;

    public Task AddAsync(IReadOnlyList<FailedRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records) _byId[record.Id] = record;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<FailedRecord>> ListAsync(string pipeline, string? stream, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FailedRecord>>([.. _byId.Values.Take(limit)]);

    public Task CloseAsync(IReadOnlyList<string> ids, FailedRecordStatus status, DateTimeOffset at, CancellationToken cancellationToken)
    {
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
