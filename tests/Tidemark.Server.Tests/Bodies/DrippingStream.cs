using Tidemark.Sources.Files;

namespace Tidemark.Server.Tests.Bodies;

/// <summary>Gives bytes in pieces of a size.</summary>
internal sealed class DrippingStream(byte[] bytes, int size) : ForwardStream
{
    private int _at;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(Math.Min(size, buffer.Length), bytes.Length - _at);
        bytes.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return ValueTask.FromResult(count);
    }
}
