using Tidemark.Definitions;
using Tidemark.Serving;

namespace Tidemark.Configuration.Shapes;

/// <summary>What the web server takes: <c>server:</c>.</summary>
internal static class ServerShape
{
    public static Shape<ServerDefinition> Keys { get; } = new Shape<ServerDefinition>("What tidemark serve takes of one caller.", () => new ServerDefinition())
        .Optional("max_body_size", Formats.ByteSize, (d, v) => d with { MaxBodySize = v }, "Bytes of a body as it arrives. Default: 1GiB.")
        .Optional("max_unpacked_size", Formats.ByteSize, (d, v) => d with { MaxUnpackedSize = v }, "Bytes of a body when it is unpacked. Default: 4GiB.")
        .Optional("max_ratio", Formats.Integer(1, 1_000_000), (d, v) => d with { MaxRatio = v }, "How many times larger a body may become when it is unpacked; the first MiB is not judged. Default: 200.")
        .Optional("max_records", Formats.Integer(1), (d, v) => d with { MaxRecords = v }, "Records of a post. Default: 10000000.")
        .Optional("max_record_size", Formats.ByteSize, (d, v) => d with { MaxRecordSize = v }, "Bytes of one record, at most 64MiB; a larger one is rejected alone. Default: 8MiB.")
        .Optional("max_depth", Formats.Integer(1, 1000), (d, v) => d with { MaxDepth = (int)v }, "How deep JSON may be nested, 1 to 1000. Default: 64.")
        .Optional("body_timeout", Formats.Duration, (d, v) => d with { BodyTimeout = v }, "How long a caller may send nothing in the middle of a body. Default: 30s.")
        .Optional("max_waiting_size", Formats.ByteSize, (d, v) => d with { MaxWaitingSize = v }, "Bytes of posts that are held at once; beyond that callers get 429. Default: 64MiB.")
        .Optional("max_waiting_records", Formats.Integer(1, 10_000_000), (d, v) => d with { MaxWaitingRecords = (int)v }, "Records that wait to be written; beyond that callers get 429. Default: 50000.")
        .Optional("max_inbox_size", Formats.ByteSize, (d, v) => d with { MaxInboxSize = v }, "Bytes of asynchronous posts that wait on disk; beyond that they get 503. Default: 1GiB.")
        .Optional("keep_batches", Formats.Duration, (d, v) => d with { KeepBatches = v }, "How long it can be asked what became of an asynchronous post, from its delivery on, 1m or more. Default: 24h.")
        .Rule(d => d.KeepBatches < TimeSpan.FromMinutes(1) ? ("keep_batches", "found less than 1m, expected a duration such as 24h") : null)
        .Rule(d => d.BodyTimeout <= TimeSpan.Zero ? ("body_timeout", "found 0s, expected a duration above 0, such as 30s") : null)
        .Rule(d => d.MaxRecordSize > 64 << 20 ? ("max_record_size", "found a size above 64MiB, which no record of the engine may have") : null)
        .Rule(d => d.MaxWaitingSize < 2 * d.MaxRecordSize ? ("max_waiting_size", "found a size that has no room for two records of max_record_size") : null);
}
