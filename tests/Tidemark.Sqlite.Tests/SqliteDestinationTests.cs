using Tidemark.Checkpoints;
using Tidemark.Destinations;
using static Tidemark.Sqlite.Tests.TestDatabase;

namespace Tidemark.Sqlite.Tests;

/// <summary>What only this destination has to do; what every destination does is tested in the conformance suite.</summary>
public sealed class SqliteDestinationTests : IDisposable
{
    private readonly TestDatabase _db = new();

    public void Dispose() => _db.Dispose();

    [Fact]
    public async Task Full_database_is_fatal_and_loses_nothing_committed()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await WriteAsync(writer, target, """{"id":1,"n":"x"}""");
        ((Tidemark.Sqlite.Writing.StreamWriter)writer).Database.Execute("PRAGMA max_page_count=1");
        var e = await Should.ThrowAsync<DestinationException>(() => WriteAsync(writer, target, $$"""{"id":2,"n":"{{new string('x', 100_000)}}"}"""));
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldContain("make room");
        _db.Rows("SELECT id FROM t").ShouldBe(["1"]);
    }

    [Fact]
    public async Task Transaction_that_has_ended_takes_nothing_more()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        await using var transaction = await writer.BeginAsync(default);
        ((Tidemark.Sqlite.Writing.StreamWriter)writer).Database.Execute("ROLLBACK");
        using var batch = Batch(target.Schema, """{"id":1}""");
        (await Should.ThrowAsync<DestinationException>(() => transaction.WriteAsync(batch, 0, 1, default))).Fault.ShouldBe(DestinationFault.Fatal);
        (await Should.ThrowAsync<DestinationException>(() => transaction.CommitAsync(new Checkpoint { BatchNumber = 9 }, default))).Fault.ShouldBe(DestinationFault.Fatal);
        (await writer.ReadBatchNumberAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task Locked_database_is_temporary()
    {
        var target = Target();
        await using var writer = await _db.OpenAsync(target);
        using var other = _db.Connect();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        (await Should.ThrowAsync<DestinationException>(() => writer.BeginAsync(default))).Fault.ShouldBe(DestinationFault.Temporary);
    }

    [Fact]
    public async Task Missing_directory_file_that_is_no_database_and_missing_table_say_so()
    {
        var nowhere = new SqliteDestination { Path = Path.Combine(_db.File, "..", "none", "x.db") }.Open(new DestinationServices { CompareCursors = static (_, _) => null });
        (await Should.ThrowAsync<DestinationException>(() => nowhere.OpenAsync(Target(), default))).Message.ShouldContain("does not exist: create it");
        await Should.ThrowAsync<DestinationException>(() => nowhere.CheckAsync(default));
        await _db.Destination().CheckAsync(default);
        File.Exists(_db.File).ShouldBeFalse();
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination().ReadNewestAsync(Target(), 5, default))).Message.ShouldContain("does not exist yet");
        await File.WriteAllTextAsync(_db.File, new string('x', 5000));
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination().CheckAsync(default))).Message.ShouldContain("not an SQLite database");
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target()))).Fault.ShouldBe(DestinationFault.Fatal);
    }

    [Fact]
    public async Task Newest_rows_without_a_cursor_are_those_that_came_last()
    {
        await _db.WriteAsync(Target(), Enumerable.Range(1, 3).Select(i => $$"""{"id":{{i}}}""").ToArray());
        (await _db.Destination().ReadNewestAsync(Target(), 2, default)).Rows.Select(r => r[0]).ShouldBe([3L, 2L]);
    }

    [Fact]
    public void Url_and_definition_name_the_file()
    {
        var connector = SqliteConnectors.All.Single();
        connector.FromUrl("sqlite:crm.db", "/base").ShouldBe(new SqliteDestination { Path = "/base/crm.db" });
        connector.FromUrl("postgresql://x", "/base").ShouldBeNull();
    }
}
