using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Tidemark.Cli.Commands.Saving;

/// <summary>Reads lines of bytes, in memory that a single line bounds; empty ones are counted and left out.</summary>
internal sealed class LineReader(Stream input)
{
    /// <summary>Bytes of the longest line that is a record. A longer one is given as far as this, which makes it no JSON, and rejected so.</summary>
    public const int MaxLine = 16 << 20;

    private const int BufferSize = 256 * 1024;

    /// <summary>The lines with their numbers, from 1. A line is valid until the next one is asked for.</summary>
    public async IAsyncEnumerable<(long Number, ReadOnlyMemory<byte> Line)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: BufferSize, minimumReadSize: BufferSize / 4, leaveOpen: true));
        var number = 0L;
        var isCut = false;
        while (true)
        {
            // A read of standard input can't be ended: it is left alone.
            var read = await reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
            var buffer = read.Buffer;
            while (TryTake(ref buffer, read.IsCompleted, out var line, out var isWhole))
            {
                // What is left of a line that was too long.
                var isRest = isCut;
                isCut = !isWhole;
                if (isRest) continue;
                number++;
                var trimmed = Trimmed(line);
                if (!trimmed.IsEmpty) yield return (number, trimmed.IsSingleSegment ? trimmed.First : trimmed.ToArray());
                cancellationToken.ThrowIfCancellationRequested();
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) yield break;
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line, out bool isWhole)
    {
        isWhole = true;
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }
        isWhole = isLast;
        line = buffer.Length > MaxLine ? buffer.Slice(0, MaxLine) : buffer;
        if (buffer.IsEmpty || (!isLast && buffer.Length <= MaxLine)) return false;
        buffer = buffer.Slice(line.End);
        return true;
    }

    private static ReadOnlySequence<byte> Trimmed(ReadOnlySequence<byte> line)
    {
        if (!line.IsSingleSegment) return line;
        var span = line.FirstSpan;
        var start = span.Length - span.TrimStart(" \t\r"u8).Length;
        return line.Slice(start, span.Trim(" \t\r"u8).Length);
    }
}
