using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Checkpoints;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.Sqlite.Tests;

/// <summary>A database in a directory of its own, and short forms for what a test does with it.</summary>
public sealed class TestDatabase : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-sqlite-").FullName;

    public TestDatabase() => File = Path.Combine(_directory, "test.db");

    public string File { get; }

    public static StreamTarget Target(string table = "t", string? key = "id", string? cursor = null) => new()
    {
        PipelineName = "p",
        Stream = "s",
        Table = table,
        Disposition = key is null ? WriteDisposition.Append : WriteDisposition.Merge,
        Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
        CursorField = cursor,
    };

    public static RecordBatch Batch(BatchSchema schema, params string[] records)
    {
        var batch = new RecordBatch(schema);
        foreach (var record in records) batch.Add(Encoding.UTF8.GetBytes(record)).ShouldBeNull();
        return batch;
    }

    public IDestination Destination() => new SqliteDestination { Path = File }.Open(new DestinationServices { CompareCursors = CursorKinds.Compare });

    public Task<IStreamWriter> OpenAsync(StreamTarget target) => Destination().OpenAsync(target, default);

    /// <summary>Opens, writes one batch, commits, closes.</summary>
    public async Task<WriteCounts> WriteAsync(StreamTarget target, params string[] records)
    {
        await using var writer = await OpenAsync(target);
        return await WriteAsync(writer, target, records);
    }

    public static async Task<WriteCounts> WriteAsync(IStreamWriter writer, StreamTarget target, params string[] records)
    {
        await using var transaction = await writer.BeginAsync(default);
        using var batch = Batch(target.Schema, records);
        var counts = await transaction.WriteAsync(batch, 0, batch.Count, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return counts;
    }

    /// <summary>Writes the batches of a full scan and finishes it.</summary>
    public async Task<long> ScanAsync(StreamTarget target, FinishOptions options, params string[][] batches)
    {
        await using var writer = await OpenAsync(target);
        foreach (var records in batches) await WriteAsync(writer, target, records);
        await using var transaction = await writer.BeginAsync(default);
        var lost = await transaction.FinishAsync(options, default);
        await transaction.CommitAsync(Checkpoint.None, default);
        return lost;
    }

    public static FinishOptions Finish(double maxDelete = 0.2) => new() { MaxDelete = maxDelete, Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) };

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is var value && value is DBNull ? null : value;
    }

    /// <summary>All rows as text: columns with | between them, null as ∅.</summary>
    public string[] Rows(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return [.. rows];
    }

    public SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
