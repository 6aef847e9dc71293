using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.MongoDb;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Collections;
using Tidemark.MongoDb.Native;
using Tidemark.Records;

namespace Tidemark.Conformance.Support;

/// <summary>A database of its own on the server of the tests.</summary>
public sealed class MongoDbHarness(Tidemark.Tests.Shared.MongoServer server) : Harness
{
    public override bool KeepsSpelling => false;

    public override bool KeepsFieldOrder => true;

    public override bool TellsUpdatedFromUnchanged => false;

    public override bool KeepsNul => true;

    public override bool IgnoresCase => false;

    public override bool HasPartitions => false;

    public override bool HasRowIds => false;

    public override bool WritesAtOnce => true;

    public override bool SpeaksSql => false;

    public override bool IsTransactional => false;

    /// <summary>Where it is. Made with the harness: writers that open it together are to meet in one database.</summary>
    public string Url { get; } = CreateDatabase(server);

    public override Task InitializeAsync() => Task.CompletedTask;

    public override IDestination Open(DestinationServices services) => new MongoDbDestination { Url = new Secret(Url) }.Open(services);

    public override Task ExecuteAsync(string sql) => throw new NotSupportedException("MongoDB speaks no SQL");

    public override Task<string?> ScalarAsync(string sql) => throw new NotSupportedException("MongoDB speaks no SQL");

    public override Task<IReadOnlyList<Dictionary<string, string>>> ReadAsync(string table) => WithSessionAsync<IReadOnlyList<Dictionary<string, string>>>(async session =>
    {
        var types = await ColumnCollection.ReadAsync(session, table, default);
        return (await session.FindAsync(table, static _ => { }, options: null, default)).ConvertAll(d => RowOf(d, types));
    });

    public override Task<IReadOnlyList<(string Name, string Type)>> ColumnsAsync(string table) => WithSessionAsync<IReadOnlyList<(string, string)>>(async session =>
        [.. (await ColumnCollection.ReadAsync(session, table, default)).Select(c => (c.Key, ColumnCollection.MongoName(c.Value)))]);

    public override Task<IReadOnlyList<string>> TablesAsync(string prefix) => WithSessionAsync<IReadOnlyList<string>>(async session =>
        [.. (await CollectionInfo.NamesAsync(session, prefix, default)).Order(StringComparer.Ordinal)]);

    public override Task ExpireAsync(string stream) => SetAsync("_tidemark_checkpoints", w => w.String("stream"u8, stream), w => w.Date("expires_at"u8, 1));

    public override Task ExpireAnswerAsync(string key) => SetAsync("_tidemark_idempotency", w => w.String("_id.key"u8, key), w => w.Date("expires_at"u8, 1));

    public override string SecondsLeftSql(string table, string column, string where) => throw new NotSupportedException("MongoDB speaks no SQL");

    public override Task<bool> CutAsync() => Task.FromResult(false);

    public override string TypeName(ColumnType type) => ColumnCollection.MongoName(type);

    /// <summary>Looks at the database, or changes it, as somebody else.</summary>
    internal async Task<T> WithSessionAsync<T>(Func<MongoSession, Task<T>> use)
    {
        await using var way = new MongoServer(MongoUrl.Parse(Url));
        await using var session = await way.ConnectAsync(default);
        return await use(session);
    }

    private static string CreateDatabase(Tidemark.Tests.Shared.MongoServer server)
    {
        Skip.If(Tidemark.Tests.Shared.DocumentDbServer.Refusal is not null, Tidemark.Tests.Shared.DocumentDbServer.Refusal);
        return server.CreateDatabase();
    }

    private Task<long> SetAsync(string collection, Action<BsonWriter> filter, Action<BsonWriter> set) => WithSessionAsync(async session =>
    {
        var result = await session.WriteAsync(collection, bulk => bulk.UpdateMany(BsonWriter.Document(filter), BsonWriter.Document(w =>
        {
            w.Begin("$set"u8);
            set(w);
            w.End();
        })), default);
        return result.Modified;
    });

    private static Dictionary<string, string> RowOf(byte[] document, Dictionary<string, ColumnType> types)
    {
        var row = new Dictionary<string, string>(StringComparer.Ordinal);
        var reader = new BsonReader(document);
        while (reader.Next())
        {
            var name = Encoding.UTF8.GetString(reader.Current.Name);
            if (!reader.Current.HasValue || (name == "_id" && !types.ContainsKey(name))) continue;
            if (name == "_tidemark_deleted_at") row[name] = "true";
            else row[name.StartsWith("_tidemark_", StringComparison.Ordinal) ? name[..^1] : name] = ValueOf(reader.Current, types.TryGetValue(name, out var type) ? type : null);
        }
        return row;
    }

    private static string ValueOf(in BsonElement value, ColumnType? type) => value.Type switch
    {
        // Where a field has days and times, a day is known by its hour.
        BsonType.Date when type == ColumnType.Date || (type != ColumnType.Timestamp && value.Time!.Value.TimeOfDay == TimeSpan.Zero) => value.Time!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        BsonType.Date => Canonical.OfInstant(value.Integer * 1000),
        BsonType.Double => Canonical.OfDouble(value.Double),
        BsonType.Int32 or BsonType.Int64 => Canonical.OfNumber(value.Integer.ToString(CultureInfo.InvariantCulture)),
        BsonType.Decimal128 => Canonical.OfNumber(Decimal128.Text(BinaryPrimitives.ReadUInt128LittleEndian(value.Value))),
        BsonType.Binary => Canonical.OfBytes(value.Bytes.ToArray()),
        BsonType.Document or BsonType.Array => Canonical.OfJson(BsonText.Of(value)!),
        BsonType.String when type == ColumnType.Json => System.Text.Json.JsonSerializer.Serialize(value.Text),
        BsonType.String => Canonical.OfText(value.Text!),
        _ => BsonText.Of(value)!,
    };
}
