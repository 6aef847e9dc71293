using Tidemark.Batching;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sources.Files;

namespace Tidemark.Configuration.Tests;

public sealed class ConfigurationReaderTests : IDisposable
{
    private const string Example = """
        name: crm-mirror
        store: sqlite:.tidemark/store.db            # relative paths are relative to this file
        parallel_streams: 4

        sources:
          gazelle:
            type: rest
            url: ${CRM_URL}
            key: "${CRM_KEY}"
            timeout: 10s
          exports: { type: file, path: data/*.jsonl.gz }

        destinations:
          warehouse: { type: sqlite, path: crm.db }
          archive: { url: "sqlite:archive.db" }
          cloud: { url: "postgresql://u:p@db.example/crm" }

        streams:
          companies:
            source: gazelle
            request: { path: /companies }
            primary_key: id
            destination: warehouse
          clients:
            source: gazelle
            request: { path: "/companies/{{ parent.id }}/clients", params: { since: "{{ last_success - 7d }}" } }
            parent: { stream: companies, include: [id] }
            records: data.allClients.edges[*].node
            paginator: { type: relay, page_size: 50 }
            primary_key: [company, id]
            incremental:
              cursor_field: updatedAt
              row_order: desc
              lookback_window: 1h
              on_cursor_value_missing: exclude
              initial_value: "2025-01-01T00:00:00Z"
              cursor_format: iso8601
            refresh: incremental
            destination: warehouse
            table: customers
            write_disposition: merge
            deletions: mark
            max_delete: 10%
            allow_empty: true
            max_failed: 10
            expect: { max_read: 500 }
            columns:
              city: { path: address.city, type: text }
              zip: text
            nested: flatten
            schema_contract: discard
            indexes: [[city], email, { columns: [zip, city], unique: true }]
            batch: { count: 100, byte_size: 1MiB, period: 2s }
          history:
            source: exports
            destination: archive
          events:
            source: exports
            destination: cloud
            primary_key: [id, day]
            partition_by: { column: day, by: range, interval: year }
            schema_contract: freeze
        """;

    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void The_example_is_read_to_the_last_key()
    {
        _scene.Environment["CRM_URL"] = "https://crm.example";
        _scene.WriteDotEnv("CRM_KEY=abc\n");
        var pipeline = _scene.Read(Example);
        pipeline.Name.ShouldBe("crm-mirror");
        pipeline.Store.ShouldBe(new SqliteDestination($"{_scene.Directory}/.tidemark/store.db"));
        pipeline.ParallelStreams.ShouldBe(4);
        pipeline.Sources.Keys.ShouldBe(["gazelle", "exports"]);
        pipeline.Destinations["warehouse"].ShouldBe(new SqliteDestination($"{_scene.Directory}/crm.db"));
        pipeline.Destinations["archive"].ShouldBe(new SqliteDestination($"{_scene.Directory}/archive.db"));
        pipeline.Streams.Select(s => s.Name).ShouldBe(["companies", "clients", "history", "events"]);

        var clients = pipeline.Streams[1];
        clients.Source.ShouldBe("gazelle");
        clients.Destination.ShouldBe("warehouse");
        clients.Table.ShouldBe("customers");
        clients.PrimaryKey.ShouldBe(["company", "id"]);
        clients.Incremental.ShouldBe(new IncrementalDefinition
        {
            CursorField = "updatedAt",
            RowOrder = RowOrder.Desc,
            LookbackWindow = TimeSpan.FromHours(1),
            OnCursorValueMissing = OnCursorValueMissing.Exclude,
            InitialValue = "2025-01-01T00:00:00Z",
            CursorFormat = CursorFormat.Iso8601,
        });
        clients.Refresh.ShouldBe(Refresh.Incremental);
        clients.WriteDisposition.ShouldBe(WriteDisposition.Merge);
        clients.Deletions.ShouldBe(Deletions.Mark);
        (clients.MaxDelete, clients.AllowEmpty, clients.MaxFailed, clients.ExpectMaxRead).ShouldBe((0.1, true, 10, 500));
        clients.Columns.Select(c => $"{c.Name} {c.Path} {c.Type}").ShouldBe(["city address.city Text", "zip  Text"]);
        clients.Nested.ShouldBe(NestedValues.Flatten);
        clients.SchemaContract.ShouldBe(SchemaContract.Discard);
        clients.Indexes.Select(i => $"{string.Join('+', i.Columns)} {i.Unique}").ShouldBe(["city False", "email False", "zip+city True"]);
        clients.Partitioning.ShouldBeNull();
        clients.Batch.ShouldBe(new BatchDefinition { Count = 100, ByteSize = 1 << 20, Period = TimeSpan.FromSeconds(2) });
        clients.Parent!.Stream.ShouldBe("companies");
        clients.Parent.Include.ShouldBe(["id"]);
        var request = clients.Request.ShouldBeOfType<RestRequest>();
        request.Path!.ToString().ShouldBe("/companies/{{ parent.id }}/clients");
        request.Records!.ToString().ShouldBe("data.allClients.edges[*].node");
        request.Paginator!.PageSize.ShouldBe(50);

        pipeline.Destinations["cloud"].ShouldBe(new PostgreSqlDestination(new Secret("postgresql://u:p@db.example/crm")));
        pipeline.Streams[3].Partitioning.ShouldBe(new TablePartitioning("day", PartitionKind.Range, PartitionInterval.Year));
        pipeline.Streams[3].SchemaContract.ShouldBe(SchemaContract.Freeze);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var stream = _scene.Read(ConfigurationScene.Head + "  a: { request: { path: / } }\n").Streams.Single();
        stream.ShouldBe(new StreamDefinition { Name = "a", Request = stream.Request, PrimaryKey = stream.PrimaryKey, Columns = stream.Columns, Indexes = stream.Indexes });
    }

    [Fact]
    public void Paths_of_files_are_relative_to_the_configuration()
    {
        var pipeline = _scene.Read("""
            name: test
            sources: { rows: { type: file, path: "data/*.csv", format: csv, delimiter: ";" }, pipe: { type: file, path: "-" } }
            destinations: { db: { type: sqlite, path: test.db } }
            streams:
              a: { source: rows, request: { path: "days/{{ now | format('yyyy-MM-dd') }}.jsonl" } }
              b: { source: pipe }
            """);
        pipeline.Sources["rows"].ShouldBe(new FileSource { Path = $"{_scene.Directory}/data/*.csv", Format = FileFormat.Csv, Delimiter = ';' });
        pipeline.Sources["pipe"].ShouldBe(new FileSource { Path = "-" });
        pipeline.Streams[0].Request.ShouldBeOfType<FileRequest>().Path!.ToString().ShouldBe($"{_scene.Directory}/days/{{{{ now | format('yyyy-MM-dd') }}}}.jsonl");
        pipeline.Streams[1].Request.ShouldBe(new FileRequest());
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_in_the_order_of_the_file() =>
        _scene.Errors("""
            nam: crm
            parallel_streams: 65
            sources:
              gazelle: { type: rest, url: "ftp://x", timout: 10s }
              other: { type: rset }
            destinations:
              warehouse: { type: sqlite }
              second: { url: "oracle://x" }
            streams:
              clients:
                source: gazele
                destination: warehouse
                recrods: data
                incremental: { row_order: down }
              contacts/all:
                source: gazelle
                destination: warehouse
                request: { path: "{{ watermak }}" }
                columns: { city: { path: "a..b", typ: text }, zip: txt }
                parent: { stream: contact, include: id }
              none:
            """).ShouldBe([
            "tidemark.yaml:1:1: unknown key 'nam'; did you mean 'name'?",
            "tidemark.yaml:1:1: the key 'name' is missing",
            "tidemark.yaml:2:19: found '65', expected a whole number from 1 to 64",
            "tidemark.yaml:4:31: found a value that is not shown here, expected an absolute http:// or https:// address",
            "tidemark.yaml:4:42: unknown key 'timout'; did you mean 'timeout'?",
            "tidemark.yaml:5:18: found type 'rset', expected a source: file, push, rest, stdin; did you mean 'rest'?",
            "tidemark.yaml:7:14: the key 'path' is missing",
            "tidemark.yaml:8:18: found a URL that begins with 'oracle:', expected one of sqlite:…, postgresql:…",
            "tidemark.yaml:11:13: found 'gazele', which is no source; did you mean 'gazelle'?",
            "tidemark.yaml:13:5: unknown key 'recrods'; did you mean 'records'?",
            "tidemark.yaml:14:18: the key 'cursor_field' is missing",
            "tidemark.yaml:14:31: found 'down', expected one of none, asc, desc",
            "tidemark.yaml:15:3: found the stream name 'contacts/all', expected letters, digits, '_', '-' and '.'",
            "tidemark.yaml:18:22: found 'watermak' in '{{ watermak }}'; did you mean 'watermark'?",
            "tidemark.yaml:19:30: found the path 'a..b': a name is missing at position 3; expected names joined by dots, such as data.items[*].node",
            "tidemark.yaml:19:38: unknown key 'typ'; did you mean 'type'?",
            "tidemark.yaml:19:56: found 'txt', expected one of boolean, bigint, decimal, double, text, timestamp, date, json, bytes",
            "tidemark.yaml:20:23: found 'contact', which is no stream; known here: clients, contacts/all, none",
            "tidemark.yaml:21:3: the stream 'none' needs the key 'source': there are several (gazelle, other)",
            "tidemark.yaml:21:3: the stream 'none' needs the key 'destination': there are several (warehouse, second)",
        ]);

    [Theory]
    [InlineData("store: \"mysql://u:p@h\"", "tidemark.yaml:1:8: expected sqlite:PATH, such as sqlite:.tidemark/store.db, or the URL of a PostgreSQL database, such as \"${STORE_URL}\"")]
    [InlineData("store: store.db", "tidemark.yaml:1:8: expected sqlite:PATH, such as sqlite:.tidemark/store.db, or the URL of a PostgreSQL database, such as \"${STORE_URL}\"")]
    [InlineData("streams: {}", "tidemark.yaml:1:10: no streams: expected at least one, such as clients: { request: { path: /clients } }")]
    [InlineData("streams:", "tidemark.yaml:1:9: no streams: expected at least one, such as clients: { request: { path: /clients } }")]
    [InlineData("name: x", "tidemark.yaml:1:1: the key 'streams' is missing")]
    public void What_is_not_there_yet_is_refused_and_never_ignored(string text, string error) => _scene.Errors(text).ShouldContain(error, StringComparer.Ordinal);
}
