using Tidemark.Batching;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Configuration.Shapes;

/// <summary>The engine's keys of a stream; what its source is asked for is the connector's to read.</summary>
internal static class StreamShape
{
    private static readonly Shape<IncrementalDefinition> Incremental = new Shape<IncrementalDefinition>("How a stream is read incrementally.", () => new())
        .Required("cursor_field", Formats.Text, (d, v) => d with { CursorField = v }, "The record's field that moves at each update; a path for a nested one.")
        .Optional("row_order", Formats.OneOf<RowOrder>(), (d, v) => d with { RowOrder = v }, "How the source orders records by the cursor field. Default: none.")
        .Optional("lookback_window", Formats.Duration, (d, v) => d with { LookbackWindow = v }, "How far before the watermark reading begins again, for late arrivals. Default: 0s.")
        .Optional("on_cursor_value_missing", Formats.OneOf<OnCursorValueMissing>(), (d, v) => d with { OnCursorValueMissing = v }, "What happens to records without a usable cursor value. Default: include.")
        .Optional("initial_value", Formats.Text, (d, v) => d with { InitialValue = v }, "Older records are not taken on the first run. Default: none.")
        .Optional("cursor_format", Formats.OneOf(CursorFormats), (d, v) => d with { CursorFormat = v }, "What a cursor value is. Default: auto, what it looks like.");

    private static readonly Shape<BatchDefinition> Batch = new Shape<BatchDefinition>("When a batch is written: at whichever bound is reached first.", () => new())
        .Optional("count", Formats.Integer(1, 1_000_000), (d, v) => d with { Count = (int)v }, "Records, 1 to 1000000. Default: 5000, and more while the batch before is still being written.")
        .Optional("byte_size", Formats.ByteSize, (d, v) => d with { ByteSize = v }, "Bytes of records as they arrived. Default: 4MiB, and up to 7MiB while the batch before is still being written.")
        .Optional("period", Formats.Duration, (d, v) => d with { Period = v }, "Age of the oldest record in it. Default: 5s.")
        .Rule(d => d.Period <= TimeSpan.Zero ? ("period", "found 0s, expected a duration above 0, such as 5s") : null);

    private static readonly Shape<ParentDefinition> Parent = new Shape<ParentDefinition>("A call for each record of another stream.", () => new ParentDefinition("", []))
        .Required("stream", Formats.Text, (d, v) => d with { Stream = v }, "The parent stream, declared before this one.")
        .Required("include", Formats.OneOrMany(Formats.Text), (d, v) => d with { Include = v }, "The parent's fields that templates may use, as {{ parent.FIELD }}.");

    private static readonly Shape<Expectation> Expect = new Shape<Expectation>("What a run should look like.", () => new Expectation(null))
        .Optional("max_read", Formats.Integer(1), (_, v) => new Expectation(v), "A warning when an incremental run reads more records than this. Default: none.");

    /// <summary>The names of cursor formats. <c>Iso8601</c> is not what the usual spelling of names would make of it.</summary>
    private static IReadOnlyDictionary<string, CursorFormat> CursorFormats => new OrderedDictionary<string, CursorFormat>(StringComparer.Ordinal)
    {
        ["auto"] = CursorFormat.Auto,
        ["iso8601"] = CursorFormat.Iso8601,
        ["epoch_s"] = CursorFormat.EpochS,
        ["epoch_ms"] = CursorFormat.EpochMs,
        ["integer"] = CursorFormat.Integer,
        ["text"] = CursorFormat.Text,
    };

    /// <summary>The keys.</summary>
    public static Shape<StreamDefinition> Keys { get; } = new Shape<StreamDefinition>("What is copied from where to where.", () => new StreamDefinition { Request = NoRequest.Instance })
        .Optional("source", Formats.Text, (d, v) => d with { Source = v }, "The name of its source. Default: the only one.")
        .Optional("parent", Parent, (d, v) => d with { Parent = v }, "A call for each record of another stream that was taken in this run. Default: none.")
        .Optional("primary_key", Formats.OneOrMany(Formats.Text), (d, v) => d with { PrimaryKey = v }, "The column, or the columns, that make a record's identity. Default: none.")
        .Optional("incremental", Incremental, (d, v) => d with { Incremental = v }, "How it is read incrementally. Default: every run reads all that the request asks for.")
        .Optional("refresh", Formats.OneOf<Refresh>(), (d, v) => d with { Refresh = v }, "What a run reads. Default: incremental where it can be, else full.")
        .Optional("destination", Formats.Text, (d, v) => d with { Destination = v }, "The name of its destination. Default: the only one.")
        .Optional("table", Formats.Text, (d, v) => d with { Table = v }, "The table. Default: the stream's name.")
        .Optional("write_disposition", Formats.OneOf<WriteDisposition>(), (d, v) => d with { WriteDisposition = v }, "What becomes of records. Default: merge with a primary_key, else append.")
        .Optional("deletions", Formats.OneOf<Deletions>(), (d, v) => d with { Deletions = v }, "What becomes of rows that the source no longer has; only full reads can tell. Default: ignore.")
        .Optional("max_delete", Formats.Share, (d, v) => d with { MaxDelete = v }, "The share of rows that may be lost at once. Default: 20%.")
        .Optional("allow_empty", Formats.Boolean, (d, v) => d with { AllowEmpty = v }, "True if an empty result may empty the table. Default: false.")
        .Optional("max_failed", Formats.Integer(), (d, v) => d with { MaxFailed = v }, "How many failed records a run bears. Default: 1000.")
        .Optional("expect", Expect, (d, v) => d with { ExpectMaxRead = v.MaxRead }, "What a run should look like.")
        .Optional("columns", Formats.Map(new ColumnFormat()), (d, v) => d with { Columns = [.. v.Select(c => c.Value with { Name = c.Key })] }, "Declared columns by name; the rest is inferred.")
        .Optional("nested", Formats.OneOf<NestedValues>(), (d, v) => d with { Nested = v }, "What becomes of objects; lists are always kept as JSON. Default: json.")
        .Optional("schema_contract", Formats.OneOf<SchemaContract>(), (d, v) => d with { SchemaContract = v }, "What becomes of fields and values that the table has no room for. Default: evolve.")
        .Optional("indexes", Formats.List(new IndexFormat()), (d, v) => d with { Indexes = v }, "Indexes that the table has to have beside its primary key. Default: none.")
        .Optional("partition_by", PartitioningShape.Any, (d, v) => d with { Partitioning = v }, "How a new table is partitioned; PostgreSQL only. Default: it is not.")
        .Optional("enrich", Formats.Node, (d, _) => d, "What another source is asked about each record. Default: nothing.")
        .Optional("validate", Formats.List(ValidationShapes.Rule), (d, v) => d with { Rules = v }, "What records have to be; one that breaks a rule is a failed record. Default: no rules.")
        .Optional("priority", Formats.Integer(-1000, 1000), (d, v) => d with { Priority = (int)v }, "Its calls pass the quota before those of a lower priority, -1000 to 1000. Default: 0.")
        .Optional("batch", Batch, (d, v) => d with { Batch = v }, "When batches are written.")
        .Optional("slices", SlicesShape.Any, (d, v) => d with { Slices = v }, "How it is cut into slices, each with a checkpoint of its own. Default: it is read as a whole.")
        .Optional("every", Formats.Duration, (d, v) => d with { Schedule = Scheduled(d) with { Every = v } }, "How often tidemark serve runs it, at least 1s. Default: it does not.")
        .Optional("schedule", ScheduleFormats.Cron, (d, v) => d with { Schedule = Scheduled(d) with { Cron = v } }, "When tidemark serve runs it: a cron expression with seconds, such as \"0 */15 * * * ?\". Default: it does not.")
        .Optional("time_zone", ScheduleFormats.TimeZone, (d, v) => d with { Schedule = Scheduled(d) with { TimeZone = v } }, "The time zone of schedule, an IANA name such as Europe/Paris. Default: UTC.")
        .Later("metadata")
        .Rule(StreamRules.Check);

    private static StreamSchedule Scheduled(StreamDefinition stream) => stream.Schedule ?? new StreamSchedule();

    private sealed record Expectation(long? MaxRead);
}
