using Tidemark.Definitions;
using Tidemark.Lookups;
using Tidemark.Lookups.Keys;
using Tidemark.Records;

namespace Tidemark.Configuration.Shapes;

/// <summary>A lookup: the engine's keys; what is asked of the source is read by its connector.</summary>
internal static class LookupShape
{
    /// <summary>The keys that the connector of the source reads.</summary>
    public static IReadOnlyList<string> OfSource { get; } = ["request", "records"];

    private static readonly Shape<LookupBatch> Batch = new Shape<LookupBatch>("How one call asks for several keys.", () => new LookupBatch("", 100, ""))
        .Required("param", Formats.Text, (b, v) => b with { Param = v }, "The parameter whose values stand side by side in a call, with commas between.")
        .Optional("size", Formats.Integer(1, 10_000), (b, v) => b with { Size = (int)v }, "How many keys a call asks for at most, 1 to 10 000. Default: 100.")
        .Required("match", Formats.Parsed(ParseMatch), (b, v) => b with { Match = v }, "Where in an answer the value of that parameter is, such as asin.");

    private static readonly Shape<LookupHistory> History = new Shape<LookupHistory>("A row for each request.", () => new LookupHistory())
        .Optional("table", Formats.Text, (h, v) => h with { Table = v }, "The table. Default: search_history.")
        .Optional("type", Formats.Text, (h, v) => h with { Type = v }, "What its rows say in search_type. Default: the lookup's name.")
        .Optional("user_id", HistoryFieldFormat.Keys, (h, v) => h with { UserId = v }, "Where user_id comes from. Default: nowhere.")
        .Optional("source", HistoryFieldFormat.Keys, (h, v) => h with { Source = v }, "Where source comes from. Default: nowhere.")
        .Optional("results", Formats.Text, (h, v) => h with { Results = v }, "The column whose list is counted as results_count. Default: 1 where there is an answer.");

    private static readonly Shape<FlushRule> Flush = new Shape<FlushRule>("When counts of hits are written.", () => new FlushRule(10_000, TimeSpan.FromSeconds(5)))
        .Optional("count", Formats.Integer(1, 1_000_000), (f, v) => f with { Count = (int)v }, "How many keys wait at most. Default: 10000.")
        .Optional("period", Formats.Duration, (f, v) => f with { Period = v }, "How long they wait at most. Default: 5s.")
        .Rule(f => f.Period <= TimeSpan.Zero ? ("period", "found 0s, expected a duration above 0, such as 5s") : null);

    /// <summary>The engine's keys.</summary>
    /// <param name="computations">What may be computed.</param>
    public static Shape<LookupDefinition> Keys(IReadOnlyList<LookupComputationConnector> computations) => new Shape<LookupDefinition>("Answers of an API that are kept and reused.", () => new LookupDefinition { Key = KeyTemplate.Parse("{x}"), Request = NoRequest.Instance })
        .Optional("route", Formats.Parsed(ParseRoute), (d, v) => d with { Path = v }, "GET and the path, such as GET /products/score; POST is taken there as well. Default: none, for programs.")
        .Required("params", Formats.Map(new LookupParamFormat()), (d, v) => d with { Params = [.. v.Select(p => p.Value with { Name = p.Key })] }, "What callers may give, by name.")
        .Required("key", Formats.Parsed(KeyTemplate.Parse), (d, v) => d with { Key = v }, "What an answer is kept under, with parameters in braces, such as scoring:{asin}:{domain}.")
        .Optional("key_rest", Formats.OneOf<KeyRest>(), (d, v) => d with { KeyRest = v }, "What becomes of parameters that the key does not name: hash, another answer for another value, or refuse. Default: hash.")
        .Required("ttl", Formats.Duration, (d, v) => d with { Ttl = v }, "How long an answer is fresh.")
        .Optional("jitter", Formats.Share, (d, v) => d with { Jitter = v }, "How much of that is taken off at random at most. Default: 10%.")
        .Optional("negative_ttl", Formats.Duration, (d, v) => d with { NegativeTtl = v }, "How long it is remembered that there is no answer. Default: 5m.")
        .Optional("stale_if_error", Formats.Duration, (d, v) => d with { StaleIfError = v }, "How long after its time an answer is served where no other can be had. Default: 0s.")
        .Optional("timeout", Formats.Duration, (d, v) => d with { Timeout = v }, "How long a caller waits for the source. Default: 30s.")
        .Optional("source", Formats.Text, (d, v) => d with { Source = v }, "The source that is asked. Default: the only one.")
        .Optional("batch", Batch, (d, v) => d with { Batch = v }, "How one call asks for several keys. Default: each key is a call.")
        .Optional("destination", Formats.Text, (d, v) => d with { Destination = v }, "The destination that keeps answers. Default: the only one.")
        .Optional("table", Formats.Text, (d, v) => d with { Table = v }, "The table. Default: called like the lookup.")
        .Optional("columns", Formats.Map(new LookupColumnFormat()), (d, v) => d with { Columns = [.. v.Select(c => c.Value with { Name = c.Key })] }, "What is taken from an answer, by name. Default: all of it, as JSON in the column answer.")
        .Optional("indexes", Formats.List(new IndexFormat()), (d, v) => d with { Indexes = v }, "Indexes beside those of the key and of expires_at. Default: none.")
        .Optional("history", History, (d, v) => d with { History = v }, "A table with a row for each request. Default: none.")
        .Optional("memory", Formats.ByteSize, (d, v) => d with { Memory = v }, "Bytes of answers in memory. Default: 64MiB.")
        .Optional("flush", Flush, (d, v) => d with { FlushCount = v.Count, FlushPeriod = v.Period }, "When counts of hits are written.")
        .Optional("price", Formats.Number, (d, v) => d with { Price = v }, "What a unit of the source's cost is worth in money. Default: not known.")
        .Optional("currency", Formats.Text, (d, v) => d with { Currency = v }, "What the price is in, such as EUR. Default: not told.")
        .Optional("migrations", new MigrationsFormat(), (d, v) => d with { Migrations = v }, "A directory with SQL files by type of destination, which make the tables. Default: they are made as needed.")
        .Optional("compute", Computed(computations), (d, v) => d with { Compute = v }, "What is computed from an answer before columns are taken. Default: nothing.")
        .Optional("alerts", LookupAlertsFormat.Keys, (d, v) => d with { Alerts = v }, "What somebody is told about while it is served. Default: nothing.")
        .Rule(Check);

    private static (string? Key, string Message)? Check(LookupDefinition lookup)
    {
        var names = lookup.Params.Select(p => p.Name).ToList();
        if (names.Find(n => n.Length == 0 || !n.All(c => char.IsLetterOrDigit(c) || c == '_')) is { } wrong) return ("params", $"found the name '{wrong}', expected letters, digits and '_'");
        if (lookup.Key.Names.FirstOrDefault(n => !names.Contains(n, StringComparer.Ordinal)) is { } unknown) return ("key", $"found {{{unknown}}}, which is no parameter{NearestName.Hint(unknown, names)}");
        if (lookup.Ttl <= TimeSpan.Zero) return ("ttl", "found 0s, expected a duration above 0, such as 24h");
        if (lookup.Timeout <= TimeSpan.Zero) return ("timeout", "found 0s, expected a duration above 0, such as 30s");
        if (lookup.Jitter >= 1) return ("jitter", "found a share of 100%, which leaves no time to live");
        if (lookup.Batch is { } batch && !lookup.Key.Names.Contains(batch.Param, StringComparer.Ordinal)) return ("batch", $"found the parameter '{batch.Param}', which the key does not name{NearestName.Hint(batch.Param, lookup.Key.Names)}");
        string[] ours = [Destinations.LookupTarget.Key, Destinations.LookupTarget.CreatedAt, Destinations.LookupTarget.ExpiresAt, Destinations.LookupTarget.HitCount];
        if (lookup.Columns.FirstOrDefault(c => ours.Contains(c.Name, StringComparer.OrdinalIgnoreCase)) is { } taken) return ("columns", $"found the column '{taken.Name}', which each table of a lookup has already");
        foreach (var column in lookup.Columns.Where(c => c.FromRequest && (c.Path is not null || c.Type != ColumnType.Json)))
        {
            var param = column.Path?.ToString() ?? column.Name;
            if (!names.Contains(param, StringComparer.Ordinal)) return ("columns", $"the column '{column.Name}' is to have the parameter '{param}', which there is not{NearestName.Hint(param, names)}");
        }
        if (lookup.History is not { } history) return null;
        if (history.Params.FirstOrDefault(p => !names.Contains(p, StringComparer.Ordinal)) is { } missing) return ("history", $"found '{missing}', which is no parameter{NearestName.Hint(missing, names)}");
        if (history.Params.FirstOrDefault(p => lookup.Key.Names.Contains(p, StringComparer.Ordinal)) is { } both) return ("history", $"found '{both}', which the key names: what history takes leads to no other answer");
        return history.Results is { } results && !lookup.Columns.Any(c => string.Equals(c.Name, results, StringComparison.Ordinal)) ? ("history", $"found '{results}', which is no column{NearestName.Hint(results, [.. lookup.Columns.Select(c => c.Name)])}") : null;
    }

    private static Variants<ILookupComputation> Computed(IReadOnlyList<LookupComputationConnector> computations)
    {
        var variants = new Variants<ILookupComputation>("computation");
        foreach (var computation in computations.OrderBy(c => c.Type, StringComparer.Ordinal)) computation.AddTo(variants);
        return variants;
    }

    private static string ParseMatch(string text) => JsonPath.Parse(text).IsField ? text : throw new FormatException($"found '{text}', expected a field of an answer, such as asin");

    private static string ParseRoute(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 2 || (parts.Length == 2 && parts[0] is not ("GET" or "POST"))) throw new FormatException($"found '{text}', expected GET and a path, such as GET /products/score");
        return RoutePath.Parse(parts.Length == 0 ? "" : parts[^1]);
    }

    private sealed record FlushRule(int Count, TimeSpan Period);
}
