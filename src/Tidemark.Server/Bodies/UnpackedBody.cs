using Tidemark.Server.Answers;
using Tidemark.Serving;
using Tidemark.Sources.Files;

namespace Tidemark.Server.Bodies;

/// <summary>A body as it is unpacked, bounded in size and in how much it grows: a bomb is noticed before it is held.</summary>
internal sealed class UnpackedBody(Stream unpacking, ArrivingBody packed, string coding, ServerDefinition limits) : ForwardStream
{
    private const long NotJudged = 1 << 20;

    private long _count;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await unpacking.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw Broken(e);
        }
        _count += read;
        // The framework takes what was cut off for short; it asks on only where the end is missing. Gzip is told by its own reader.
        if (read == 0 && buffer.Length > 0 && packed.AskedPastEnd && unpacking is not GzipFile) throw Broken(null);
        if (_count > limits.MaxUnpackedSize) throw TooLarge($"unpacked it is larger than {limits.MaxUnpackedSize} bytes (max_unpacked_size)");
        if (_count > NotJudged && _count / limits.MaxRatio > packed.Count) throw TooLarge($"unpacked it is more than {limits.MaxRatio} times larger than as it came (max_ratio)");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacking.Dispose();
        base.Dispose(disposing);
    }

    private ProblemException Broken(Exception? cause) =>
        new(StatusCodes.Status400BadRequest, "broken_encoding", $"the body is not whole {coding}, as Content-Encoding says it is", cause);

    private static ProblemException TooLarge(string why) => new(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"the body is too large: {why}");
}
