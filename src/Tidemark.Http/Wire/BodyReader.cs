using System.Net.Http.Headers;
using System.Text;
using Tidemark.Records;
using Tidemark.Sources;

namespace Tidemark.Http.Wire;

/// <summary>Reads a body as UTF-8, whatever charset it is declared in, up to a limit.</summary>
internal static class BodyReader
{
    /// <summary>The most bytes that a body may have, unpacked: 256 MiB.</summary>
    public const int MaxBytes = 256 << 20;

    private const int ReadSize = 16 * 1024;

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The unpacked body.</param>
    /// <param name="type">Its declared type.</param>
    /// <param name="maxBytes">The limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SourceException">The body is larger than the limit.</exception>
    public static async Task<PooledBuffer> ReadAsync(Stream stream, MediaTypeHeaderValue? type, int maxBytes, CancellationToken cancellationToken)
    {
        var encoding = EncodingOf(type?.CharSet);
        await using var utf8 = encoding is null ? stream : Encoding.CreateTranscodingStream(stream, encoding, Encoding.UTF8);
        var buffer = new PooledBuffer(ReadSize);
        try
        {
            while (await utf8.ReadAsync(buffer.GetMemory(ReadSize), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                buffer.Advance(read);
                if (buffer.Length > maxBytes)
                    throw new SourceException($"the answer is larger than {maxBytes >> 20} MiB; ask for smaller pages (page_size)");
            }
            return WithoutMark(buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    // Null: it is UTF-8 already, or a charset that nobody knows, which the JSON reader will judge.
    private static Encoding? EncodingOf(string? charset)
    {
        var name = charset?.Trim('"', '\'', ' ');
        if (string.IsNullOrEmpty(name) || name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || name.Equals("utf8", StringComparison.OrdinalIgnoreCase)) return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A byte order mark is no JSON; it is rare enough to copy the rest.
    private static PooledBuffer WithoutMark(PooledBuffer buffer)
    {
        if (!buffer.Written.StartsWith("\uFEFF"u8)) return buffer;
        var rest = new PooledBuffer(buffer.Length);
        rest.Write(buffer.Written[3..]);
        buffer.Dispose();
        return rest;
    }
}
