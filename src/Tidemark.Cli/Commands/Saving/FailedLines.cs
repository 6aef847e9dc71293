using Tidemark.Cli.Hosting;
using Tidemark.Destinations;
using Tidemark.Failures;
using Tidemark.PostgreSql;
using Tidemark.Runs;
using Tidemark.Saving;
using Tidemark.Sqlite;

namespace Tidemark.Cli.Commands.Saving;

/// <summary>Keeps lines that could not be written in the store, which is opened with the first of them.</summary>
internal sealed class FailedLines(DestinationDefinition destination, string table) : IAsyncDisposable
{
    private const int MaxTold = 20;
    private const string StoreFile = ".tidemark/store.db";

    /// <summary>The pipeline that saved records are kept under: a configuration there is none.</summary>
    public const string PipelineName = "save";

    private readonly string _runId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("n");
    private readonly HashSet<long> _told = [];
    private IStore? _store;

    /// <summary>Where they are, for people.</summary>
    public string Place => destination is PostgreSqlDestination ? "in the schema tidemark of the database" : $"in {StoreFile}";

    /// <summary>What has to be said to find them there, beside <c>--saved</c>.</summary>
    public string Option => destination is PostgreSqlDestination ? " --to URL" : "";

    public async Task KeepAsync(IReadOnlyList<RejectedItem> items, CancellationToken cancellationToken)
    {
        _store ??= await Project.OpenStoreAsync(StoreOf(destination), cancellationToken);
        await _store.AddAsync([.. items.Select(Record)], cancellationToken);
        foreach (var item in items)
        {
            // An attempt that is repeated tells nothing twice.
            if (_told.Count < MaxTold && _told.Add(item.Number)) await Console.Error.WriteLineAsync($"line {item.Number}: {item.Reason}");
        }
    }

    /// <summary>The store for what can't be written into a database: PostgreSQL keeps it itself, else it is a file in the current directory.</summary>
    public static DestinationDefinition StoreOf(DestinationDefinition? destination) =>
        destination is PostgreSqlDestination ? destination : new SqliteDestination { Path = Path.Combine(Directory.GetCurrentDirectory(), StoreFile) };

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
    }

    private FailedRecord Record(RejectedItem item) => new()
    {
        Id = FailedRecord.IdOf(PipelineName, table, item.Payload.Span),
        PipelineName = PipelineName,
        Stream = table,
        RunId = _runId,
        Reason = $"line {item.Number}: {item.Reason}",
        Payload = item.Payload,
        FailedAt = TimeProvider.System.GetUtcNow(),
    };
}
