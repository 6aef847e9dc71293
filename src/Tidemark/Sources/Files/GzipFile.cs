using System.IO.Compression;

namespace Tidemark.Sources.Files;

/// <summary>
/// A packed file, read to its true end. The framework takes a gzip file that was cut off for a short one; here a member of our own is added behind the
/// file, and only if it comes out whole at the end, the file was whole too.
/// </summary>
public sealed class GzipFile : ForwardStream
{
    private static readonly byte[] Mark = [0x74, 0x69, 0x64, 0x65, 0x6d, 0x61, 0x72, 0x6b, 0x91, 0x3c, 0xe7, 0x05, 0xb2, 0x58, 0xfd, 0x2a];
    private static readonly byte[] MarkMember = Pack(Mark);

    private readonly GZipStream _unpacked;
    private readonly byte[] _held = new byte[64 * 1024];
    private int _heldStart;
    private int _heldEnd;

    /// <summary>Unpacks a file.</summary>
    /// <param name="file">The file; disposed with this.</param>
    public GzipFile(Stream file) => _unpacked = new GZipStream(new Followed(file), CompressionMode.Decompress);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is broken, or cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The last bytes are held back until it is known whether they are the mark.
        while (_heldEnd - _heldStart <= Mark.Length)
        {
            _held.AsSpan(_heldStart.._heldEnd).CopyTo(_held);
            (_heldStart, _heldEnd) = (0, _heldEnd - _heldStart);
            var read = await _unpacked.ReadAsync(_held.AsMemory(_heldEnd), cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                _heldEnd += read;
                continue;
            }
            return _held.AsSpan(_heldStart.._heldEnd).SequenceEqual(Mark) ? 0 : throw new InvalidDataException("the file was cut off, or something follows its data");
        }
        var count = Math.Min(buffer.Length, _heldEnd - _heldStart - Mark.Length);
        _held.AsSpan(_heldStart, count).CopyTo(buffer.Span);
        _heldStart += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A file, then the mark.</summary>
    private sealed class Followed(Stream file) : ForwardStream
    {
        private int _at = -1;
        private bool _any;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at < 0)
            {
                var read = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read == 0 && !_any && buffer.Length > 0) throw new InvalidDataException("the file is empty");
                _any = true;
                if (read > 0) return read;
                _at = 0;
            }
            var count = Math.Min(buffer.Length, MarkMember.Length - _at);
            MarkMember.AsSpan(_at, count).CopyTo(buffer.Span);
            _at += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
