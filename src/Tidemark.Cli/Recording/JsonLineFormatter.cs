using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Tidemark.Cli.Recording;

/// <summary>An event as a line of JSON: time, level, message, then its values by their names in snake case.</summary>
internal sealed class JsonLineFormatter : ITextFormatter
{
    private static readonly JsonValueFormatter Values = new(typeTagName: null);

    // What the logging library adds beside the values of the message.
    private static readonly string[] NotShown = ["SourceContext", "EventId"];

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"time\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        output.Write("\",\"level\":\"");
        output.Write(Name(logEvent.Level));
        output.Write("\",\"message\":");
        JsonValueFormatter.WriteQuotedJsonString(Message(logEvent), output);
        foreach (var (name, value) in logEvent.Properties)
        {
            if (NotShown.Contains(name, StringComparer.Ordinal)) continue;
            output.Write(',');
            JsonValueFormatter.WriteQuotedJsonString(Snake(name), output);
            output.Write(':');
            Values.Format(value, output);
        }
        if (logEvent.Exception is { } error)
        {
            output.Write(",\"exception\":");
            JsonValueFormatter.WriteQuotedJsonString(error.ToString(), output);
        }
        output.Write("}\n");
    }

    // As on standard error: the library itself puts texts in quotes.
    private static string Message(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && logEvent.Properties.GetValueOrDefault(property.PropertyName) is ScalarValue { Value: string text }) message.Write(text);
            else token.Render(logEvent.Properties, message, CultureInfo.InvariantCulture);
        }
        return message.ToString();
    }

    // The names that --log-level and the configuration have for them.
    private static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Fatal => "critical",
        _ => level.ToString().ToLowerInvariant(),
    };

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
