using System.Globalization;
using System.Text;
using Tidemark.Definitions;
using Tidemark.Records;

namespace Tidemark.Sources;

/// <summary>
/// A text with <c>{{ … }}</c> in it: <c>watermark</c>, <c>last_success</c>, <c>now</c>, <c>slice</c>, <c>slice.from</c>, <c>slice.to</c>, <c>parent.FIELD</c>, <c>record.FIELD</c> or <c>request.NAME</c>, then <c>+</c> or <c>-</c> a duration,
/// then <c>| format('yyyy-MM-dd')</c>. Nothing more: no language of our own.
/// </summary>
public sealed class Template
{
    private static readonly string[] Names = ["watermark", "last_success", "now", "parent", "slice", "record", "request"];
    private readonly string _text;
    private readonly List<(string? Literal, Expression? Expression)> _parts = [];

    private Template(string text) => _text = text;

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It is not a template; the message says why.</exception>
    public static Template Parse(string text)
    {
        var template = new Template(text);
        var at = 0;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) throw new FormatException($"found '{text}': '}}}}' is missing after '{{{{'");
            if (open > at) template._parts.Add((text[at..open], null));
            template._parts.Add((null, Expression.Parse(text[(open + 2)..close].Trim())));
            at = close + 2;
        }
        if (at < text.Length || text.Length == 0) template._parts.Add((text[at..], null));
        return template;
    }

    /// <summary>True if the text needs what only an earlier scan can tell: with a value for it, the answer is a part of the source's data.</summary>
    public bool IsFilter => _parts.Exists(p => p.Expression?.Name is "watermark" or "last_success");

    /// <summary>True if the text needs the watermark, which only a stream with a cursor field has.</summary>
    public bool NeedsWatermark => _parts.Exists(p => p.Expression?.Name is "watermark");

    /// <summary>True if the text needs a slice.</summary>
    public bool NeedsSlice => _parts.Exists(p => p.Expression?.Name is "slice");

    /// <summary>True if the text has no name in it: it is the same in every run.</summary>
    public bool IsConstant => _parts.TrueForAll(p => p.Expression is null);

    /// <summary>The names of the parent's fields that the text needs.</summary>
    public IEnumerable<string> ParentFields => _parts.Where(p => p.Expression?.Name is "parent").Select(p => p.Expression!.Field!);

    /// <summary>The fields of the record that the text needs, as paths: only what is asked for one record at a time has one.</summary>
    public IEnumerable<string> RecordFields => _parts.Where(p => p.Expression?.Name is "record").Select(p => p.Expression!.Field!);

    /// <summary>The parameters of a lookup's caller that the text needs: only what is asked for a caller has one.</summary>
    public IEnumerable<string> RequestParams => _parts.Where(p => p.Expression?.Name is "request").Select(p => p.Expression!.Field!);

    /// <summary>True if the text needs nothing but parameters of a caller.</summary>
    public bool NeedsRequestOnly => _parts.TrueForAll(p => p.Expression is null or { Name: "request" });

    /// <summary>True if the text needs nothing but fields of a record.</summary>
    public bool NeedsRecordOnly => _parts.TrueForAll(p => p.Expression is null or { Name: "record" });

    /// <summary>The text with its values, or null if one of them is missing.</summary>
    /// <param name="values">What the names stand for.</param>
    /// <param name="encode">How a value is written, e.g. percent-encoded; what stands around it is left alone.</param>
    public string? Fill(TemplateValues values, Func<string, string>? encode = null)
    {
        var filled = new StringBuilder();
        foreach (var (literal, expression) in _parts)
        {
            if (expression is null)
            {
                filled.Append(literal);
                continue;
            }
            if (expression.Evaluate(values) is not { } value) return null;
            filled.Append(encode is null ? value : encode(value));
        }
        return filled.ToString();
    }

    /// <summary>The value of a text that is one parameter of a caller and nothing else, of the kind that it has; null for any other text, and where there is no value.</summary>
    /// <param name="values">What the names stand for.</param>
    public ScalarValue? RequestValue(TemplateValues values) =>
        _parts is [(null, { Name: "request", Field: { } name })] && values.Request is { } request && request.TryGetValue(name, out var value) ? value : null;

    /// <summary>The text as it was written.</summary>
    public override string ToString() => _text;

    private sealed record Expression(string Name, string? Field, TimeSpan Shift, string? Format)
    {
        // The year 1 in seconds and the year 10000 in milliseconds; what lies beyond is no time, microseconds perhaps.
        private const decimal EarliestEpochS = -62_135_596_800m, LatestEpochMs = 253_402_300_800_000m;

        public static Expression Parse(string text)
        {
            string? format = null;
            var body = text;
            if (text.IndexOf('|', StringComparison.Ordinal) is >= 0 and var bar)
            {
                var filter = text[(bar + 1)..].Trim();
                body = text[..bar].Trim();
                if (!filter.StartsWith("format('", StringComparison.Ordinal) || !filter.EndsWith("')", StringComparison.Ordinal) || filter.Length < 11 || !IsFormat(filter[8..^2]))
                    throw new FormatException($"found '| {filter}', expected | format('yyyy-MM-dd')");
                format = filter[8..^2];
            }
            var shift = TimeSpan.Zero;
            if (body.IndexOfAny(['+', '-']) is >= 0 and var sign)
            {
                if (!Durations.TryParse(body.AsSpan(sign + 1), out shift))
                    throw new FormatException($"found '{body[(sign + 1)..].Trim()}' in '{{{{ {text} }}}}', expected a duration such as 7d or 30m");
                if (body[sign] == '-') shift = -shift;
                body = body[..sign].Trim();
            }
            var dot = body.IndexOf('.', StringComparison.Ordinal);
            var name = dot < 0 ? body : body[..dot];
            var field = dot < 0 ? null : body[(dot + 1)..];
            if (!Names.Contains(name, StringComparer.Ordinal))
                throw new FormatException($"found '{name}' in '{{{{ {text} }}}}'{NearestName.Hint(name, Names)}");
            if (name is "slice" && field is not (null or "from" or "to"))
                throw new FormatException($"found '{body}', expected slice, slice.from or slice.to");
            if (name is "slice" && field is null && (shift != TimeSpan.Zero || format is not null))
                throw new FormatException($"found '{text}', expected slice alone: only slice.from and slice.to can be shifted or formatted");
            var hasFields = name is "parent" or "record" or "request";
            if (name is not "slice" && hasFields != field is { Length: > 0 })
                throw new FormatException(hasFields ? $"found '{name}', expected {name}.FIELD" : $"found '{body}', expected {name} alone");
            if (name is "record" && !JsonPath.Parse(field!).IsField)
                throw new FormatException($"found '{body}', expected one field of the record, such as record.name or record.address.city");
            if (hasFields && (shift != TimeSpan.Zero || format is not null))
                throw new FormatException($"found '{text}', expected {body} alone: only times of the stream itself can be shifted or formatted");
            return new Expression(name, field, shift, format);
        }

        public string? Evaluate(TemplateValues values) => Name switch
        {
            "now" => Time(values.Now),
            "last_success" => values.LastSuccess is { } time ? Time(time) : null,
            "slice" => values.Slice is { } slice ? SliceText(slice) : null,
            "parent" => values.Parent?.GetValueOrDefault(Field!),
            "request" => values.Request is { } request && request.TryGetValue(Field!, out var given) ? given.Text : null,
            "record" => values.Records.Select(r => r.GetValueOrDefault(Field!)).OfType<string>().ToList() is { Count: > 0 } texts ? string.Join(',', texts) : null,
            _ => values.Watermark is { } watermark ? Watermark(watermark) : null,
        };

        private string? SliceText(SliceValues slice) => Field switch
        {
            null => slice.Name,
            "from" => slice.From is { } from ? Time(from) : Number(slice.FirstNumber),
            _ => slice.To is { } to ? Time(to) : Number(slice.EndNumber),
        };

        private string? Number(long? number) => Shift == TimeSpan.Zero && Format is null
            ? number?.ToString(CultureInfo.InvariantCulture)
            : throw new SourceException($"slice.{Field} is a number here: it can't be shifted by a duration or formatted in a template");

        private static bool IsFormat(string format)
        {
            try
            {
                return DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0;
            }
            catch (FormatException)
            {
                return false;
            }
        }

        private string Time(DateTimeOffset time) =>
            Shifted(time.UtcDateTime).ToString(Format ?? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

        // The year 1 less a week is the year 1: a source whose dates are empty has such a watermark.
        private DateTime Shifted(DateTime time) =>
            Shift < TimeSpan.Zero ? (time - DateTime.MinValue < -Shift ? DateTime.MinValue : time + Shift)
            : DateTime.MaxValue - time < Shift ? DateTime.MaxValue : time + Shift;

        // Unchanged, a watermark goes back exactly as the source wrote it. Changed, a number is epoch seconds or milliseconds by its size.
        private string Watermark(string text)
        {
            if (Shift == TimeSpan.Zero && Format is null) return text;
            if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                var milliseconds = number >= 1e11m;
                if (Format is null) return (number + (decimal)(milliseconds ? Shift.TotalMilliseconds : Shift.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                if (number is >= EarliestEpochS and < LatestEpochMs) return Time(DateTimeOffset.UnixEpoch.AddMilliseconds((double)(milliseconds ? number : number * 1000)));
            }
            else if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return Time(time);
            }
            throw new SourceException($"the watermark is '{text}', which is no time: it can't be shifted or formatted in a template");
        }
    }
}
