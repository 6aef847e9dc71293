using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Scanning;

namespace Tidemark.Runs;

/// <summary>Moves or forgets the watermark of a stream.</summary>
public static class CheckpointReset
{
    /// <summary>What the checkpoint would be.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="checkpoint">What it is.</param>
    /// <param name="to">The new watermark, or the time of the last complete scan for a stream without a cursor; null: forgotten, as if it had never run.</param>
    /// <exception cref="FormatException">The value is none like the watermark now, or the stream has no cursor, and the value is no time.</exception>
    public static Checkpoint Preview(StreamDefinition stream, Checkpoint checkpoint, string? to)
    {
        var fresh = Checkpoint.None with { BatchNumber = checkpoint.BatchNumber, LastFullRead = checkpoint.LastFullRead };
        if (to is null) return fresh;
        if (stream.Incremental is { } incremental)
        {
            // Which kind of number it is makes no difference here, so neither does the present. Without a watermark to compare with, text has to be declared.
            var kind = CursorKinds.Settle(incremental.CursorFormat, [checkpoint.Watermark ?? to], DateTimeOffset.UnixEpoch);
            var fits = CursorValue.TryParse(to, kind!.Value, out _) && (kind != CursorKind.Text || checkpoint.Watermark is not null || incremental.CursorFormat == CursorFormat.Text);
            return fits
                ? fresh with { Watermark = to, LastSuccess = checkpoint.LastSuccess, Complete = true }
                : throw new FormatException($"found '{to}', expected a value of '{incremental.CursorField}' {Expected(incremental, checkpoint)}");
        }
        return IsoTime.TimeOf(to) is { } time
            ? fresh with { LastSuccess = time, Complete = true }
            : throw new FormatException($"found '{to}', expected a time such as 2026-01-09T10:00:00Z: '{stream.Name}' has no cursor field, so only its last success can be moved");
    }

    private static string Expected(IncrementalDefinition incremental, Checkpoint checkpoint) =>
        checkpoint.Watermark is { } like ? $"like the watermark now, {like}"
        : incremental.CursorFormat == CursorFormat.Auto ? "such as 2026-01-09T10:00:00Z or 4711; if it is text, set cursor_format: text"
        : "that fits its cursor_format";

    /// <summary>Writes it, under the stream's lease.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="to">As for <see cref="Preview"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">Somebody is writing the stream, or the destination failed.</exception>
    public static async Task ApplyAsync(PipelineDefinition pipeline, StreamDefinition stream, string? to, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var destination = pipeline.Destinations[pipeline.DestinationOf(stream)].Open(new DestinationServices { Time = time, CompareCursors = CursorKinds.Compare });
        await using var writer = await destination.OpenAsync(stream.Target(pipeline.Name), cancellationToken);
        await using var transaction = await writer.BeginAsync(cancellationToken);
        var next = Preview(stream, writer.Checkpoint, to);
        await transaction.CommitAsync(next with { BatchNumber = next.BatchNumber + 1 }, cancellationToken);
    }
}
