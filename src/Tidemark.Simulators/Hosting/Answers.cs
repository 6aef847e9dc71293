using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>The shapes in which answers are sent.</summary>
internal static class Answers
{
    // Real APIs send their accents as they are.
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions PlainObjects = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task JsonAsync(HttpContext context, object value) =>
        BytesAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, PlainObjects), "application/json; charset=utf-8");

    public static Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return JsonAsync(context, new { error = new { code = status, message } });
    }

    public static async Task BytesAsync(HttpContext context, ReadOnlyMemory<byte> body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static Task LinesAsync(HttpContext context, IEnumerable<SimulatedRecord> records) =>
        LinesAsync(context, records.Select(static record => record.Utf8));

    public static async Task LinesAsync(HttpContext context, IEnumerable<byte[]> lines)
    {
        using var body = new MemoryStream();
        foreach (var line in lines)
        {
            body.Write(line);
            body.WriteByte((byte)'\n');
        }

        await BytesAsync(context, body.GetBuffer().AsMemory(0, (int)body.Length), "application/x-ndjson; charset=utf-8");
    }
}
