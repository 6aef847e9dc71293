using Tidemark.Destinations;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Tests.Support;
using Tidemark.Records;

namespace Tidemark.MongoDb.Tests.Writing;

/// <summary>What becomes of values.</summary>
[Collection(MongoDbCollection.Name)]
public sealed class ValueTests(MongoServer server)
{
    [MongoFact]
    [Trait("guarantee", "G190")]
    public async Task Values_have_the_types_that_the_page_says()
    {
        await using var bench = new Bench(server);
        const string Record = """
            {"id":1,"yes":true,"small":5,"whole":5.0,"large":12345678901,"real":1.5,"exact":1234567890123456789.25,"huge":123456789012345678901234567890123456789,
             "at":"2026-01-02T03:04:05.678+01:00","fine":"2026-01-02T03:04:05.678901Z","day":"2026-01-02","text":"x\u0000y","none":null,
             "nested":{"a":[1,{"b":"2026-01-02T03:04:05Z"},2.5,12345678901],"dotted.name":null}}
            """;
        await bench.WriteAsync(Bench.Target(), Record);
        var types = await bench.TypesAsync();
        types.Remove("_id");
        types.ShouldBe(new Dictionary<string, BsonType>(StringComparer.Ordinal)
        {
            ["id"] = BsonType.Int32, ["yes"] = BsonType.Boolean, ["small"] = BsonType.Int32, ["whole"] = BsonType.Int32, ["large"] = BsonType.Int64, ["real"] = BsonType.Double,
            ["exact"] = BsonType.Decimal128, ["huge"] = BsonType.String, ["at"] = BsonType.Date, ["fine"] = BsonType.String, ["day"] = BsonType.Date, ["text"] = BsonType.String,
            ["none"] = BsonType.Null, ["nested"] = BsonType.Document,
        }, ignoreOrder: true);
        var document = (await bench.DocumentsAsync()).ShouldHaveSingleItem();
        document.ShouldContain(""" "nested":{"a":[1,{"b":"2026-01-02T03:04:05Z"},2.5,12345678901],"dotted.name":null} """.Trim());
        document.ShouldContain("\"at\":\"2026-01-02T02:04:05.678Z\"");
        document.ShouldContain("\"exact\":1234567890123456789.25");
        (await bench.WriteAsync(Bench.Target(), Record)).ShouldBe(new WriteCounts(0, 0, 1));
    }

    [MongoFact]
    public async Task Declared_types_win()
    {
        await using var bench = new Bench(server);
        ColumnType[] all = [ColumnType.Bigint, ColumnType.Decimal, ColumnType.Double, ColumnType.Text, ColumnType.Timestamp, ColumnType.Bytes];
        var target = Bench.Target() with { Schema = new BatchSchema { PrimaryKey = ["id"], Columns = [.. all.Select(t => new DeclaredColumn(t.ToString(), null, t))] } };
        await bench.WriteAsync(target, """{"id":1,"Bigint":5,"Decimal":1.10,"Double":5,"Text":"2026-01-02","Timestamp":"2026-01-02T03:04:05.678901Z","Bytes":"AQID"}""");
        var types = await bench.TypesAsync();
        all.Select(t => types[t.ToString()]).ShouldBe([BsonType.Int64, BsonType.Decimal128, BsonType.Double, BsonType.String, BsonType.Date, BsonType.Binary]);
        (await bench.DocumentsAsync()).Single().ShouldContain("\"Decimal\":1.10");
    }

    [MongoFact]
    [Trait("guarantee", "G191")]
    public async Task Records_that_MongoDB_can_not_hold_are_refused_by_name_and_the_rest_is_written()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target();
        await using var writer = await bench.Destination.OpenAsync(target, default);
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Bench.Batch(target,
            """{"id":1}""", """{"id":2,"a\u0000b":1}""", """{"id":3,"n":{"a\u0000b":1}}""", """{"id":4,"a.b":1}""", """{"id":5,"$a":1}""", """{"id":6,"":1}""",
            $$"""{"id":7,"big":"{{new string('x', 17 << 20)}}"}""", """{"id":{"$gt":""}}""", """{"id":[1]}""", """{"id":10,"n":1}""");
        var e = await Should.ThrowAsync<RecordsRefusedException>(() => transaction.WriteAsync(batch, 0, batch.Count, default));
        var refused = e.Parts.ShouldHaveSingleItem().Refused;
        refused.Keys.Order().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        (refused[1], refused[2]).ShouldSatisfyAllConditions(r => r.Item1.ShouldContain("NUL"), r => r.Item2.ShouldContain("NUL"));
        refused[3].ShouldContain("a dot");
        refused[4].ShouldContain("a dollar sign");
        refused[5].ShouldContain("empty");
        refused[6].ShouldContain("16 MiB");
        refused[7].ShouldContain("an object or a list in 'id'");
        e.Parts[0].Counts.ShouldBe(new WriteCounts(2, 0, 0));
        (await bench.DocumentsAsync()).ShouldBe(["""{"id":10,"n":1}""", """{"id":1}"""]);
    }

    [MongoFact]
    public async Task Appended_records_keep_names_with_dots_and_their_own_id()
    {
        await using var bench = new Bench(server);
        var target = Bench.Target(key: null);
        await bench.WriteAsync(target, """{"_id":"a","x.y":1}""");
        await using var writer = await bench.Destination.OpenAsync(target, default);
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Bench.Batch(target, """{"_id":"a","x.y":1}""", """{"_id":"a","x.y":2}""", """{"_id":"b"}""");
        var e = await Should.ThrowAsync<RecordsRefusedException>(() => transaction.WriteAsync(batch, 0, 3, default));
        e.Parts[0].Refused.ShouldHaveSingleItem().Value.ShouldContain("another document of 't' has the _id a");
        e.Parts[0].Counts.ShouldBe(new WriteCounts(1, 0, 1));
    }
}
