using System.IO.Compression;
using Microsoft.Net.Http.Headers;
using Tidemark.Server.Answers;
using Tidemark.Serving;
using Tidemark.Sources.Files;

namespace Tidemark.Server.Bodies;

/// <summary>What a request says of its body, and the way to its bytes.</summary>
internal static class RequestBody
{
    public const string MediaTypes = "application/json, application/x-ndjson";
    public const string Codings = "gzip, br, deflate";

    private static readonly string[] LineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines"];

    /// <summary>What the body holds.</summary>
    /// <exception cref="ProblemException">Something else. A form, which a foreign page can send, is one of these.</exception>
    public static BodyFormat FormatOf(HttpRequest request)
    {
        var known = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        if (known && type!.Charset.HasValue && !string.Equals(HeaderUtilities.RemoveQuotes(type.Charset).Value, "utf-8", StringComparison.OrdinalIgnoreCase))
            throw NotTaken($"found charset '{type.Charset}', expected utf-8");
        if (known && LineTypes.Contains(type!.MediaType.Value, StringComparer.OrdinalIgnoreCase)) return BodyFormat.Lines;
        return request.HasJsonContentType() ? BodyFormat.Json : throw NotTaken($"found Content-Type '{request.ContentType}', expected one of {MediaTypes}");
    }

    /// <summary>The bytes of the body, unpacked.</summary>
    /// <exception cref="ProblemException">It is packed in a way that is not known.</exception>
    public static Stream Open(HttpContext context, ServerDefinition limits, TimeProvider time)
    {
        var arriving = new ArrivingBody(context.Request.Body, limits.BodyTimeout, time);
        var coding = context.Request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        return coding switch
        {
            "" or "identity" => arriving,
            "gzip" or "x-gzip" => new UnpackedBody(new GzipFile(arriving), arriving, coding, limits),
            "br" => new UnpackedBody(new BrotliStream(arriving, CompressionMode.Decompress), arriving, coding, limits),
            "deflate" => new UnpackedBody(new ZLibStream(arriving, CompressionMode.Decompress), arriving, coding, limits),
            _ => throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_encoding", $"found Content-Encoding '{coding}', expected one of {Codings}") { Headers = [("Accept-Encoding", Codings)] }),
        };
    }

    private static ProblemException NotTaken(string detail) =>
        new(new Problem(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", detail) { Headers = [("Accept-Post", MediaTypes)] });
}
