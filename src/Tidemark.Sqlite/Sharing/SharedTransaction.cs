using Tidemark.Destinations;
using Tidemark.Sqlite.Native;
using Tidemark.Sqlite.Tables;

namespace Tidemark.Sqlite.Sharing;

/// <summary>One transaction of a shared writer. It began with the write lock.</summary>
internal sealed class SharedTransaction(Database database, IReadOnlyList<SharedTable> tables, SharedOptions options, SharedWriter writer, string token) : ISharedTransaction
{
    private readonly OpenTransaction _open = new(database, writer);

    public string Token => token;

    public required IReadOnlyList<KeyState> Keys { get; init; }

    public required IReadOnlyList<IReadOnlyList<bool>> References { get; init; }

    public Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        return Task.FromResult(_open.UnderSavepoint<IReadOnlyList<IReadOnlyList<WrittenRecord>>>(() =>
        {
            var outcomes = new IReadOnlyList<WrittenRecord>[records.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                var written = new WrittenRecord[records[i].Count];
                tables[records[i].Target].Write(records[i].Batch, records[i].Start, written, options.WithRowIds, cancellationToken);
                outcomes[i] = written;
            }
            return outcomes;
        }));
    }

    public Task CommitAsync(IReadOnlyList<StoredAnswer> answers, CancellationToken cancellationToken)
    {
        _open.Check(cancellationToken);
        IdempotencyTable.Keep(database, answers);
        _open.Commit(() => writer.Commit(token));
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _open.End();
        return ValueTask.CompletedTask;
    }
}
