using Tidemark.MongoGateway.Bson;

namespace Tidemark.MongoGateway.Commands;

/// <summary>Answers that the gateway writes itself.</summary>
internal static class Answers
{
    public static BsonDocument Ok { get; } = new BsonWriter().Double("ok", 1).Close();

    public static BsonDocument Error(int code, string message) =>
        new BsonWriter().Double("ok", 0).Text("errmsg", message).Int32("code", code).Text("codeName", ErrorCodes.Name(code)).Close();

    /// <summary>A server of MongoDB 7.0's wire version that stands alone: no replica set, no shards, and so no retryable writes and no transactions.</summary>
    public static BsonDocument Hello(int connection, TimeProvider time) => new BsonWriter()
        .Boolean("helloOk", true)
        .Boolean("ismaster", true)
        .Boolean("isWritablePrimary", true)
        .Int32("maxBsonObjectSize", 16 * 1024 * 1024)
        .Int32("maxMessageSizeBytes", 48_000_000)
        .Int32("maxWriteBatchSize", 100_000)
        .Date("localTime", time.GetUtcNow().ToUnixTimeMilliseconds())
        .Int32("logicalSessionTimeoutMinutes", 30)
        .Int32("connectionId", connection)
        .Int32("minWireVersion", 0)
        .Int32("maxWireVersion", 21)
        .Boolean("readOnly", false)
        .Double("ok", 1)
        .Close();

    public static BsonDocument BuildInfo { get; } = new BsonWriter()
        .Text("version", "7.0.0")
        .Begin(BsonType.Array, "versionArray").Int32("0", 7).Int32("1", 0).Int32("2", 0).Int32("3", 0).End()
        .Int32("bits", 64)
        .Int32("maxBsonObjectSize", 16 * 1024 * 1024)
        .Double("ok", 1)
        .Close();

    public static BsonDocument Dropped(string name, string value) => new BsonWriter().Text(name, value).Double("ok", 1).Close();

    public static BsonDocument KilledCursors(IReadOnlyList<long> killed, IReadOnlyList<long> notFound)
    {
        var writer = new BsonWriter();
        foreach (var (name, ids) in new[] { ("cursorsKilled", killed), ("cursorsNotFound", notFound), ("cursorsAlive", []), ("cursorsUnknown", []) })
        {
            writer.Begin(BsonType.Array, name);
            for (var i = 0; i < ids.Count; i++) writer.Int64($"{i}", ids[i]);
            writer.End();
        }
        return writer.Double("ok", 1).Close();
    }
}
