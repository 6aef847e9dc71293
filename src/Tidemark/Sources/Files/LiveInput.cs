namespace Tidemark.Sources.Files;

/// <summary>Standard input that can be left at once: the console's own reading does not end before something arrives.</summary>
/// <param name="input">Standard input.</param>
internal sealed class LiveInput(Stream input) : ForwardStream
{
    private readonly byte[] _arriving = new byte[64 << 10];

    /// <inheritdoc/>
    /// <remarks>After a cancellation the reading goes on in the background, into a buffer that nobody looks at; the stream can't be read again.</remarks>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await input.ReadAsync(_arriving.AsMemory(0, Math.Min(buffer.Length, _arriving.Length)), CancellationToken.None)
            .AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        _arriving.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}
