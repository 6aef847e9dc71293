using System.Buffers;

namespace Tidemark.Records;

/// <summary>Growing bytes from the shared pool. Owned by one task; <see cref="Dispose"/> gives them back, and nothing may look at them after that.</summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes;

    /// <summary>An empty buffer.</summary>
    /// <param name="capacity">Bytes that it holds before it grows, at least 1.</param>
    public PooledBuffer(int capacity = 16 * 1024) => _bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, capacity));

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    /// <summary>Makes room, so that the next <paramref name="count"/> bytes do not move what is there.</summary>
    /// <param name="count">Free bytes that are needed.</param>
    public void EnsureFree(int count)
    {
        if (_bytes.Length - Length >= count) return;
        // In few steps, as the pool keeps what was too small; memory that is not written to costs nothing.
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Min(Array.MaxLength, Math.Max((long)Length + count, 4L * _bytes.Length))));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureFree(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets what was written from a position on.</summary>
    /// <param name="length">How much stays.</param>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }
}
