using System.Globalization;
using System.Text;
using Tidemark.Telemetry.Recording;

namespace Tidemark.Server.Metrics;

/// <summary>
/// Metrics in Prometheus' text format 0.0.4: names as OpenTelemetry maps them (dots become underscores, the unit comes behind the name, counters end in <c>_total</c>), HELP and TYPE once a metric,
/// the buckets of histograms summed up.
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All metrics.</summary>
    /// <param name="totals">What was measured; series of one metric need not follow each other.</param>
    public static string Of(IEnumerable<MetricTotal> totals)
    {
        var text = new StringBuilder();
        foreach (var metric in totals.GroupBy(NameOf, StringComparer.Ordinal).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            if (metric.First().Description is { Length: > 0 } description) text.Append("# HELP ").Append(metric.Key).Append(' ').Append(Escape(description, quotes: false)).Append('\n');
            text.Append("# TYPE ").Append(metric.Key).Append(' ').Append(TypeOf(metric.First().Kind)).Append('\n');
            foreach (var series in metric) Append(text, metric.Key, series);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, MetricTotal series)
    {
        if (series.Kind != MetricKind.Histogram)
        {
            Sample(text, name, series.Labels, bound: null, series.Value);
            return;
        }
        var below = 0L;
        for (var i = 0; i < series.Bounds.Count; i++)
        {
            below += series.Buckets[i];
            Sample(text, $"{name}_bucket", series.Labels, Number(series.Bounds[i]), below);
        }
        Sample(text, $"{name}_bucket", series.Labels, "+Inf", series.Count);
        Sample(text, $"{name}_sum", series.Labels, bound: null, series.Value);
        Sample(text, $"{name}_count", series.Labels, bound: null, series.Count);
    }

    private static void Sample(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, string>> labels, string? bound, double value)
    {
        text.Append(name);
        var open = '{';
        foreach (var (label, content) in labels) Label(text, ref open, Word(label, colons: false), content);
        if (bound is not null) Label(text, ref open, "le", bound);
        text.Append(open == '{' ? " " : "} ").Append(Number(value)).Append('\n');
    }

    private static void Label(StringBuilder text, ref char open, string name, string value)
    {
        text.Append(open).Append(name).Append("=\"").Append(Escape(value, quotes: true)).Append('"');
        open = ',';
    }

    private static string NameOf(MetricTotal metric)
    {
        var name = Word(metric.Name, colons: true);
        if (UnitOf(metric.Unit) is { } unit && !name.EndsWith("_" + unit, StringComparison.Ordinal)) name = $"{name}_{unit}";
        return metric.Kind == MetricKind.Counter ? $"{name}_total" : name;
    }

    // What stands in braces says what is counted, and is no unit.
    private static string? UnitOf(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "%" => "percent",
        ['{', ..] => null,
        _ => Word(unit, colons: false),
    };

    private static string TypeOf(MetricKind kind) => kind switch { MetricKind.Counter => "counter", MetricKind.Gauge => "gauge", _ => "histogram" };

    private static string Word(string name, bool colons)
    {
        var word = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || (colons && c == ':') ? c : '_'));
        return word.Length == 0 || char.IsAsciiDigit(word[0]) ? "_" + word : word;
    }

    private static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
