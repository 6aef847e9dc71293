using System.Diagnostics;
using System.Text.Json;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Native;
using Tidemark.MongoDb.Values;

namespace Tidemark.Benchmarks;

/// <summary>What MongoDB's C driver does when it is called and nothing else: unordered bulks of upserts by <c>id</c>, in a collection with a unique index.</summary>
internal static class BareBulk
{
    /// <summary>Writes the lines of a file; prints how many documents a second it was.</summary>
    public static async Task RunAsync(string url, string file, int size)
    {
        await using var server = new MongoServer(MongoUrl.Parse(url));
        await using var session = await server.ConnectAsync(default);
        await session.WriteCommandAsync(Index, default);
        var (began, count) = (Stopwatch.GetTimestamp(), 0);
        using var update = new BsonWriter();
        var bulk = session.NewBulk("bare");
        await foreach (var line in File.ReadLinesAsync(file))
        {
            using var record = JsonDocument.Parse(line);
            var id = record.RootElement.GetProperty("id").GetInt32();
            update.Clear();
            update.Begin();
            NestedEncoder.Write(update, "$set"u8, System.Text.Encoding.UTF8.GetBytes(line));
            update.End();
            bulk.UpdateOne(BsonWriter.Document(w => w.Int32("id"u8, id)), update.Written, orInsert: true);
            count++;
            if (bulk.Count < size) continue;
            await SendAsync();
            bulk = session.NewBulk("bare");
        }
        await SendAsync();
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} documents, {count / Stopwatch.GetElapsedTime(began).TotalSeconds:0} a second"));

        async Task SendAsync()
        {
            var result = await session.ExecuteAsync(bulk, default);
            bulk.Dispose();
            if (result.Errors is [var error, ..]) throw new InvalidOperationException(error.Message);
        }
    }

    private static byte[] Index => BsonWriter.Document(w =>
    {
        w.String("createIndexes"u8, "bare");
        w.BeginArray("indexes"u8);
        w.Begin("0"u8);
        w.Begin("key"u8);
        w.Int32("id"u8, 1);
        w.End();
        w.String("name"u8, "id_1");
        w.Boolean("unique"u8, true);
        w.End();
        w.End();
    });
}
