using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Tidemark.Destinations;
using Tidemark.Reports;
using Tidemark.Saving;

namespace Tidemark.Cli.Commands.Saving;

/// <summary>Prints what became of each line as soon as it is known, in the order of the lines.</summary>
internal sealed class AckPrinter
{
    // More than two batches, which is what can be under way.
    private readonly Channel<(long Line, Receipt Receipt)> _waiting = Channel.CreateBounded<(long, Receipt)>(new BoundedChannelOptions(20_000) { SingleReader = true, SingleWriter = true });

    public ValueTask AddAsync(long line, Receipt receipt) => _waiting.Writer.WriteAsync((line, receipt));

    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Prints until there are no more.</summary>
    public async Task RunAsync()
    {
        var text = new StringBuilder();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync())
            {
                while (_waiting.Reader.TryRead(out var next))
                {
                    var durable = next.Receipt.Durable;
                    // At the end of a batch what is known goes out at once.
                    if (!durable.IsCompleted) Print(text);
                    Append(text, next.Line, await OutcomeOfAsync(durable));
                }
                Print(text);
            }
        }
        catch (DestinationException)
        {
            // The batch was not taken: who adds is told.
            Print(text);
            while (await _waiting.Reader.WaitToReadAsync())
            {
                while (_waiting.Reader.TryRead(out _)) continue;
            }
        }
    }

    private static async Task<(string Outcome, long? RowId, string? Reason)> OutcomeOfAsync(Task<WrittenRecord> durable)
    {
        try
        {
            var written = await durable;
            return (written.Outcome.ToString().ToLowerInvariant(), written.RowId, null);
        }
        catch (ItemRejectedException e)
        {
            return ("rejected", null, e.Message);
        }
    }

    private static void Append(StringBuilder text, long line, (string Outcome, long? RowId, string? Reason) what)
    {
        text.Append(CultureInfo.InvariantCulture, $"{{\"line\":{line},\"outcome\":\"{what.Outcome}\"");
        if (what.RowId is { } id) text.Append(CultureInfo.InvariantCulture, $",\"row_id\":{id}");
        if (what.Reason is { } reason) text.Append(",\"reason\":\"").Append(JsonEncodedText.Encode(reason, ReportJson.WriterOptions.Encoder)).Append('"');
        text.Append("}\n");
    }

    private static void Print(StringBuilder text)
    {
        if (text.Length == 0) return;
        Console.Out.Write(text.ToString());
        text.Clear();
    }
}
