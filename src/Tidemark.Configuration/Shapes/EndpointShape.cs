using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Records;
using Tidemark.Serving;

namespace Tidemark.Configuration.Shapes;

/// <summary>A route that takes records: <c>endpoints:</c>.</summary>
internal static class EndpointShape
{
    private static readonly Shape<ReferenceRule> Reference = new Shape<ReferenceRule>("A value that must be found in a table.", () => new ReferenceRule { Value = "", Table = "", Match = "" })
        .Required("value", Formats.Text, (d, v) => d with { Value = v }, "The field whose value is looked up: of the record, or with scope: request of the request.")
        .Required("table", Formats.Text, (d, v) => d with { Table = v }, "The table that it is looked up in.")
        .Required("match", Formats.Text, (d, v) => d with { Match = v }, "The column that it has to equal.")
        .Optional("where", Formats.Map(new FilterFormat()), (d, v) => d with { Where = [.. v.Select(f => f.Value with { Column = f.Key })] }, "What else has to hold of the row: columns with a value, {{ request.FIELD }} or {{ record.FIELD }}. Default: nothing.")
        .Optional("message", Formats.Text, (d, v) => d with { Message = v }, "What is answered when it is not there; {field} is a field of the record, else of the request. Default: a text of ours.")
        .Optional("scope", Formats.OneOf<ReferenceScope>(), (d, v) => d with { Scope = v }, "record: a record whose value is not there is rejected. request: the whole request is. Default: record.");

    private static readonly Shape<WriteRule> Write = new Shape<WriteRule>("A table that records go to.", () => new WriteRule())
        .Optional("when", Formats.Text, (d, v) => d with { When = v }, "The field that a record must have to go here; the first that is there wins. Default: all records.")
        .Required("table", Formats.Text, (d, v) => d with { Table = v }, "The table.")
        .Optional("primary_key", Formats.OneOrMany(Formats.Text), (d, v) => d with { PrimaryKey = v }, "The column, or the columns, that make a record's identity. Default: none, each record is a new row.")
        .Optional("columns", Formats.Map(new ColumnFormat()), (d, v) => d with { Columns = [.. v.Select(c => c.Value with { Name = c.Key })] }, "Declared columns by name; the rest is inferred.")
        .Optional("nested", Formats.OneOf<NestedValues>(), (d, v) => d with { Nested = v }, "What becomes of objects; lists are always kept as JSON. Default: json.")
        .Optional("schema_contract", Formats.OneOf<SchemaContract>(), (d, v) => d with { SchemaContract = v }, "What becomes of fields and values that the table has no room for. Default: evolve.")
        .Optional("indexes", Formats.List(new IndexFormat()), (d, v) => d with { Indexes = v }, "Indexes that the table has to have beside its primary key. Default: none.")
        .Rule(d => d.PrimaryKey.Distinct(StringComparer.Ordinal).Count() < d.PrimaryKey.Count ? ("primary_key", "found a column twice in primary_key") : null);

    /// <summary>The keys.</summary>
    public static Shape<EndpointDefinition> Keys { get; } = new Shape<EndpointDefinition>("A route that takes records.", () => new EndpointDefinition())
        .Required("route", Formats.Parsed(ParseRoute), (d, v) => d with { Path = v }, "POST and the path, such as POST /api/v1/kpi/sync.")
        .Optional("records", Formats.Parsed(ParseNames), (d, v) => d with { Records = v }, "Where the list of records is in the request: names joined by dots. Default: the request itself, or its member records.")
        .Optional("copy", Formats.OneOrMany(Formats.Text), (d, v) => d with { Copy = v }, "Fields of the request that each record gets. Default: none.")
        .Optional("references", Formats.List(Reference), (d, v) => d with { References = v }, "What has to be there before a record is written. Default: nothing.")
        .Required("write", Formats.List(Write), (d, v) => d with { Write = v }, "The tables that records go to.")
        .Optional("validate", Formats.List(ValidationShapes.Rule), (d, v) => d with { Rules = v }, "What records have to be; one that breaks a rule is rejected. Default: no rules.")
        .Optional("destination", Formats.Text, (d, v) => d with { Destination = v }, "The name of its destination. Default: the only one.")
        .Optional("answer", Formats.Map(new AnswerFormat()), (d, v) => d with { Answer = v }, "The members of the answer: a name of the usual answer, a list of counts that are added up, or a text with {name} in it. Default: the usual answer.")
        .Rule(Check);

    private static (string? Key, string Message)? Check(EndpointDefinition endpoint)
    {
        if (endpoint.Write.Count == 0) return ("write", "found no table, expected at least one, such as [{ table: orders, primary_key: id }]");
        if (endpoint.Write.SkipLast(1).FirstOrDefault(w => w.When is null) is { } open) return ("write", $"the table '{open.Table}' takes all records, so those after it get none: give it a when, or move it to the end");
        if (endpoint.Write.GroupBy(w => w.Table, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice) return ("write", $"found the table '{twice.Key}' twice");
        if (endpoint.Records.Count == 0 && (endpoint.Copy.Count > 0 || endpoint.References.Any(r => r.Scope == ReferenceScope.Request || r.Where.Any(w => w.RequestField is not null))))
            return ("records", "fields of the request are asked for, so the list of records must be one of its members: add records, such as records: entries");
        return endpoint.Answer.ContainsKey("error") ? ("answer", "a member 'error' makes clients such as n8n send everything again: call it errors") : null;
    }

    private static string ParseRoute(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 2 || (parts.Length == 2 && parts[0] is not "POST")) throw new FormatException($"found '{text}', expected POST and a path, such as POST /api/v1/kpi/sync");
        return RoutePath.Parse(parts.Length == 0 ? "" : parts[^1]);
    }

    private static IReadOnlyList<string> ParseNames(string text)
    {
        var names = text.Split('.');
        return names.All(n => n.Length > 0 && n.IndexOfAny(['[', ']', '*', ' ']) < 0) ? names : throw new FormatException($"found '{text}', expected names joined by dots, such as data.entries");
    }

    /// <summary>What a column of a referenced row has to equal.</summary>
    private sealed class FilterFormat : Format<ReferenceFilter>
    {
        public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out ReferenceFilter value)
        {
            value = null;
            if (node is not ScalarNode { IsNull: false } scalar)
            {
                problems.Add(node.Location, $"found {node.Kind}, expected a value, {{{{ request.FIELD }}}} or {{{{ record.FIELD }}}}");
                return false;
            }
            var text = scalar.Text.Trim();
            if (!text.Contains("{{", StringComparison.Ordinal))
            {
                value = new ReferenceFilter { Column = "", Constant = new ScalarValue(KindOf(scalar), scalar.Text) };
                return true;
            }
            var inner = text.StartsWith("{{", StringComparison.Ordinal) && text.EndsWith("}}", StringComparison.Ordinal) ? text[2..^2].Trim() : "";
            value = inner.Split('.') is [("request" or "record") and var of, { Length: > 0 } field]
                ? new ReferenceFilter { Column = "", RequestField = of is "request" ? field : null, RecordField = of is "record" ? field : null }
                : null;
            if (value is null) problems.Add(node.Location, $"found {node.Kind}, expected a value, {{{{ request.FIELD }}}} or {{{{ record.FIELD }}}} alone");
            return value is not null;
        }

        public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

        private static ScalarKind KindOf(ScalarNode scalar) =>
            !scalar.Plain ? ScalarKind.Text
            : scalar.Text is "true" or "false" ? ScalarKind.Boolean
            : decimal.TryParse(scalar.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _) ? ScalarKind.Number : ScalarKind.Text;
    }

    /// <summary>A member of the answer.</summary>
    private sealed class AnswerFormat : Format<AnswerValue>
    {
        private static readonly Format<AnswerValue> One = Formats.Parsed(AnswerValue.Parse);
        private static readonly Format<IReadOnlyList<string>> Several = Formats.List(Formats.Text);

        public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out AnswerValue value)
        {
            if (node is not SequenceNode) return One.TryRead(node, problems, out value);
            value = null;
            if (!Several.TryRead(node, problems, out var names)) return false;
            try
            {
                value = AnswerValue.Sum(names);
                return true;
            }
            catch (FormatException e)
            {
                problems.Add(node.Location, e.Message);
                return false;
            }
        }

        public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(One.Schema(), Several.Schema()) };
    }
}
