using System.Text.Encodings.Web;
using System.Text.Json;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>The shapes in which answers are sent.</summary>
internal static class Answers
{
    private const int PartBytes = 65_536;

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

    /// <summary>Sends lines as they come: of a large truth no more than a part is held.</summary>
    public static async Task LinesAsync(HttpContext context, IEnumerable<byte[]> lines)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        using var part = new MemoryStream();
        foreach (var line in lines)
        {
            part.Write(line);
            part.WriteByte((byte)'\n');
            if (part.Length >= PartBytes)
                await SendAsync();
        }

        await SendAsync();

        async Task SendAsync()
        {
            await context.Response.Body.WriteAsync(part.GetBuffer().AsMemory(0, (int)part.Length), context.RequestAborted);
            part.SetLength(0);
        }
    }
}
