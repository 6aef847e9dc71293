using Tidemark.Server.Answers;
using Tidemark.Sources.Files;

namespace Tidemark.Server.Bodies;

/// <summary>
/// A body as it arrives. A caller who sends half of it and then nothing is not waited for: the web server's own least rate is an average, which a fast beginning keeps up for hours.
/// </summary>
internal sealed class ArrivingBody(Stream body, TimeSpan timeout, TimeProvider time) : ForwardStream
{
    /// <summary>How many bytes have arrived.</summary>
    public long Count { get; private set; }

    /// <summary>True once somebody has asked for more than there is.</summary>
    public bool AskedPastEnd { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = body.ReadAsync(buffer, cancellationToken);
        int read;
        try
        {
            read = reading.IsCompleted ? await reading : await reading.AsTask().WaitAsync(timeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new ProblemException(new Problem(StatusCodes.Status408RequestTimeout, "body_timeout", $"nothing came for {timeout.TotalSeconds:0.#} s in the middle of the body, after {Count} bytes; send it at one go")
            {
                Headers = [("Connection", "close")],
            }, e);
        }
        Count += read;
        AskedPastEnd |= read == 0 && buffer.Length > 0;
        return read;
    }
}
