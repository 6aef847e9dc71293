using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Tidemark.Saving;

/// <summary>Writes objects of a program in batches, as JSON that source-generated code makes of them; all else is as <see cref="JsonBatchWriter"/> says.</summary>
/// <typeparam name="T">What is written; its JSON has to be an object, whose properties become columns.</typeparam>
/// <param name="options">Where, and when.</param>
/// <param name="json">How it becomes JSON.</param>
public sealed class BatchWriter<T>(BatchWriterOptions options, JsonTypeInfo<T> json) : IAsyncDisposable
{
    private readonly JsonBatchWriter _writer = new(options);

    /// <inheritdoc cref="JsonBatchWriter.Statistics"/>
    public BatchWriterStatistics Statistics => _writer.Statistics;

    /// <summary>Adds an item; waits while there is no room. The first call connects. It may be changed when the call has returned: its values are copied.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait; the item is not added then.</param>
    /// <returns>A receipt as soon as it is queued.</returns>
    /// <exception cref="Destinations.DestinationException">The database can't be reached, or the table can't be written.</exception>
    /// <exception cref="ObjectDisposedException">The writer is closed.</exception>
    public ValueTask<Receipt> AddAsync(T item, CancellationToken cancellationToken = default) => _writer.AddAsync(JsonSerializer.SerializeToUtf8Bytes(item, json), cancellationToken);

    /// <inheritdoc cref="JsonBatchWriter.FlushAsync"/>
    public Task FlushAsync(CancellationToken cancellationToken = default) => _writer.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
