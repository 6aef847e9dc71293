using System.Buffers;
using System.Text;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Hosting;

/// <summary>Sends records by copying their bytes between a head and a tail: the server must not be what is measured.</summary>
internal static class RecordsAnswer
{
    public static Task ArrayAsync(HttpContext context, ArraySegment<SimulatedRecord> records) =>
        SendAsync(context, "[", records, "]");

    public static async Task SendAsync(HttpContext context, string head, ArraySegment<SimulatedRecord> records, string tail)
    {
        var length = Encoding.UTF8.GetByteCount(head) + Encoding.UTF8.GetByteCount(tail) + Math.Max(0, records.Count - 1);
        foreach (var record in records)
            length += record.Utf8.Length;

        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = Encoding.UTF8.GetBytes(head, body);
            for (var i = 0; i < records.Count; i++)
            {
                if (i > 0)
                    body[at++] = (byte)',';
                var utf8 = records[i].Utf8;
                utf8.CopyTo(body, at);
                at += utf8.Length;
            }

            Encoding.UTF8.GetBytes(tail, body.AsSpan(at));
            await Answers.BytesAsync(context, body.AsMemory(0, length), "application/json; charset=utf-8");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}
