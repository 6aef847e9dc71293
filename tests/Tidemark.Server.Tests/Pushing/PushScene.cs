using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Server.Tests.Support;

namespace Tidemark.Server.Tests.Pushing;

/// <summary>A server with a stream that others post to, and an endpoint over stores and users, into SQLite.</summary>
internal static class PushScene
{
    public const string Records = "/v1/streams/items/records";
    public const string Kpi = "/api/kpi";

    public static async Task<ServerScene> StartAsync(string server = "{}", string stream = "primary_key: id")
    {
        var scene = await ServerScene.StartAsync($$"""
            name: {{ServerScene.Pipeline}}
            server: {{server}}
            sources: { in: { type: push }, files: { type: file, path: people.jsonl } }
            destinations: { local: { type: sqlite, path: out.db } }
            streams:
              items: { source: in, {{stream}} }
              people: { source: files, primary_key: id }
            endpoints:
              kpi:
                route: POST {{Kpi}}
                records: kpi_entries
                copy: [store_id, date, source]
                references:
                  - { value: store_id, table: stores, match: id, message: "Store {store_id} not found", scope: request }
                  - { value: seller_id, table: users, match: id, where: { role: seller, store_id: "{{ "{{ request.store_id }}" }}" }, message: "Seller {seller_id} not found in store {store_id}" }
                write:
                  - { when: seller_id, table: kpi_entries, primary_key: [seller_id, date, source] }
                answer: { status: status, entries_created: inserted, entries_updated: [updated, unchanged, duplicates], errors: messages, message: "Synchronized {accepted} KPI entries" }
            """);
        Execute(scene, "CREATE TABLE stores(id TEXT PRIMARY KEY); CREATE TABLE users(id TEXT PRIMARY KEY, role TEXT, store_id TEXT); INSERT INTO stores VALUES('xyz'); INSERT INTO users VALUES('s1', 'seller', 'xyz'), ('s2', 'seller', 'xyz'), ('m1', 'manager', 'xyz')");
        return scene;
    }

    public static long Scalar(ServerScene scene, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={scene["out.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    public static void Execute(ServerScene scene, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={scene["out.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static async Task<Answer> SendAsync(this ServerScene scene, byte[] body, string contentType, string? coding, string path = Records)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (coding is not null) content.Headers.ContentEncoding.Add(coding);
        using var response = await scene.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await Answer.OfAsync(response);
    }

    public static byte[] Pack(string text, string coding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = coding switch { "gzip" => new GZipStream(packed, CompressionLevel.Fastest), "br" => new BrotliStream(packed, CompressionLevel.Fastest), _ => new ZLibStream(packed, CompressionLevel.Fastest) })
            stream.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    public static string Rows(int from, int count) => string.Concat(Enumerable.Range(from, count).Select(i => $"{{\"id\":{i},\"name\":\"n{i}\"}}\n"));
}
