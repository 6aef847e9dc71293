using System.Globalization;
using Tidemark.Definitions;
using Tidemark.Slices;

namespace Tidemark.Configuration.Shapes;

/// <summary>How a stream is cut: <c>{ by: list, values: ["01", "02"], param: departement }</c> or <c>{ by: range, from: 2025-01-01, step: 7d }</c>.</summary>
internal static class SlicesShape
{
    private static readonly Shape<SlicesDraft> Keys = new Shape<SlicesDraft>("How a stream is cut into slices, each with a checkpoint of its own.", () => new SlicesDraft())
        .Required("by", Formats.OneOf<SlicedBy>(), (w, v) => w with { By = v }, "list: a slice for each value; range: one for each step of a range of dates or numbers; pages: one for each so many pages.")
        .Optional("values", Formats.OneOrMany(Formats.Text), (w, v) => w with { Values = v }, "The values of a list.")
        .Optional("from", Formats.Text, (w, v) => w with { From = v }, "Where a range begins, inclusive: a date, a time or a whole number.")
        .Optional("to", Formats.Text, (w, v) => w with { To = v }, "Where a range ends, exclusive. Default, of times: when the import begins.")
        .Optional("step", Formats.Text, (w, v) => w with { Step = v }, "How much of a range a slice takes: a duration such as 7d, or a whole number. Of pages: how many, default 10.")
        .Optional("param", Formats.Text, (w, v) => w with { Param = v }, "The parameter of the request that takes {{ slice }}. Default: none, the request has it in its templates.")
        .Optional("parallel", Formats.Integer(1, 64), (w, v) => w with { Parallel = (int)v }, "How many slices are read side by side, 1 to 64. Default: 1.")
        .Optional("attempts", Formats.Integer(1, 100), (w, v) => w with { Attempts = (int)v }, "How often a slice that fails is tried in one run, after the others, 1 to 100. Default: 3.")
        .Optional("incremental", Formats.OneOf<SlicedIncremental>(), (w, v) => w with { Incremental = v },
            "How runs after a complete import read: each slice what is new in it (each, the default), or the stream as a whole, without {{ slice }} (whole).")
        .Rule(w => w.Problem());

    /// <summary>A way to cut a stream.</summary>
    public static Format<SlicesDefinition> Any { get; } = Formats.Made(Keys, d => new SlicesDefinition { Values = d.Values, Range = d.Range, Pages = d.Pages, Param = d.Param, Parallel = d.Parallel, Attempts = d.Attempts, Incremental = d.Incremental ?? (d.Pages is null ? SlicedIncremental.Each : SlicedIncremental.Whole) });

    private enum SlicedBy
    {
        List,
        Range,
        Pages,
    }

    private sealed record SlicesDraft
    {
        private const long DefaultPages = 10, MostPages = 1_000_000;

        private const string Times = "a date or a time such as 2025-01-01 or 2025-01-01T00:00:00Z", Numbers = "a whole number";

        public SlicedBy By { get; init; }

        public IReadOnlyList<string> Values { get; init; } = [];

        public string? From { get; init; }

        public string? To { get; init; }

        public string? Step { get; init; }

        public string? Param { get; init; }

        public int Parallel { get; init; } = 1;

        public int Attempts { get; init; } = 3;

        public SlicedIncremental? Incremental { get; init; }

        public SliceRange? Range =>
            By != SlicedBy.Range ? null
            : Number(From) is { } first ? new NumberRange(first, Number(To)!.Value, Number(Step)!.Value)
            : new TimeRange(Time(From)!.Value, Time(To), Duration(Step)!.Value);

        public int? Pages => By == SlicedBy.Pages ? (int)(Step is null ? DefaultPages : Number(Step) ?? 0) : null;

        public (string? Key, string Message)? Problem() => By switch { SlicedBy.List => ProblemOfList(), SlicedBy.Range => ProblemOfRange(), _ => ProblemOfPages() };

        private (string? Key, string Message)? ProblemOfPages() =>
            Values.Count > 0 ? ("values", "found values, which belong to by: list; pages have a step alone")
            : From is not null || To is not null ? (From is not null ? "from" : "to", "found from or to, which belong to by: range; pages have a step alone")
            : Param is not null ? ("param", "found a param, but pages are asked for by the paginator: take it out")
            : Step is not null && Number(Step) is not (> 0 and <= MostPages) ? ("step", $"found '{Step}', expected how many pages a slice takes, from 1 to {MostPages}")
            : Incremental == SlicedIncremental.Each ? ("incremental", "found each, but which record is on which page changes: runs after an import read what is new as a whole")
            : null;

        private (string? Key, string Message)? ProblemOfList() =>
            From is not null || To is not null || Step is not null ? ("by", "found from, to or step, which belong to by: range; a list has values")
            : Values.Count == 0 ? ("values", "found no values, expected at least one, such as [\"01\", \"02\"]")
            : Values.Count > SlicesDefinition.Most ? ("values", $"found {Values.Count} values, expected at most {SlicesDefinition.Most}")
            : Values.GroupBy(v => v, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { Key: var twice } ? ("values", $"found '{twice}' twice: each slice needs a value of its own")
            : null;

        private (string? Key, string Message)? ProblemOfRange()
        {
            if (Values.Count > 0) return ("values", "found values, which belong to by: list; a range has from, to and step");
            if (From is null) return (null, $"the key 'from' is missing: {Times}, or {Numbers}");
            if (Step is null) return (null, "the key 'step' is missing: a duration such as 7d for times, or a whole number");
            if (Number(From) is { } first)
            {
                if (Number(To) is not { } end) return (To is null ? null : "to", To is null ? "the key 'to' is missing: numbers need an end" : $"found '{To}', expected {Numbers}, as 'from' is one");
                if (Number(Step) is not > 0) return ("step", $"found '{Step}', expected {Numbers} above 0, as 'from' is one");
                if (end <= first) return ("to", $"found {end}, expected a number above 'from' ({first}): it is exclusive");
            }
            else
            {
                if (Time(From) is not { } begin) return ("from", $"found '{From}', expected {Times}, or {Numbers}");
                if (To is not null && Time(To) is null) return ("to", $"found '{To}', expected {Times}, as 'from' is one");
                if (Duration(Step) is not { Ticks: > 0 }) return ("step", $"found '{Step}', expected a duration above 0, such as 7d");
                if (Time(To) <= begin) return ("to", $"found '{To}', expected a time after 'from' ({From}): it is exclusive");
            }
            // Without an end it grows, and nobody can tell yet.
            return To is not null && Range!.Count(default) is > SlicesDefinition.Most and var count ? ("step", $"found {count} slices, expected at most {SlicesDefinition.Most}: take larger steps") : null;
        }

        private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

        private static TimeSpan? Duration(string? text) => Durations.TryParse(text, out var duration) ? duration : null;

        private static DateTimeOffset? Time(string? text) =>
            text is { Length: >= 10 } && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
