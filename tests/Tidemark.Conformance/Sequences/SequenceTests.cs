using FsCheck;
using FsCheck.Fluent;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sequences;

/// <summary>
/// Generated sequences of batches, commits, crashes and changes of the table, against dictionaries. A failure prints the seed and the smallest sequence that fails. There are more of them
/// with <c>TIDEMARK_LONG=1</c>.
/// </summary>
/// <param name="harness">The destination.</param>
/// <param name="share">How many of the sequences it gets: those that are slow get fewer.</param>
public abstract class SequenceTests(Harness harness, double share) : IAsyncLifetime
{
    private static readonly int Factor = Environment.GetEnvironmentVariable("TIDEMARK_LONG") == "1" ? 20 : 1;
    private int _number;

    public Task InitializeAsync() => harness.InitializeAsync();

    public Task DisposeAsync() => harness.DisposeAsync();

    [SkippableTheory]
    [InlineData("merge", "id", null)]
    [InlineData("merge two", "id,part", null)]
    [InlineData("merge by version", "id", "version")]
    [InlineData("merge by time", "id", "changed")]
    public void Merge_equals_the_naive_one(string name, string key, string? cursor) => Run(150, Target(name, key) with { CursorField = cursor });

    [SkippableFact]
    public void Merge_that_ignores_the_stored_cursor_equals_the_naive_one() => Run(100, Target("full", "id") with { CursorField = "version", IgnoreCursor = true });

    [SkippableFact]
    public void Append_equals_the_naive_one() => Run(100, Target("append", null) with { Disposition = WriteDisposition.Append });

    [SkippableTheory]
    [InlineData("replace", "id", null)]
    [InlineData("replace by version", "id", "version")]
    [InlineData("replace all", null, null)]
    public void Replace_equals_the_naive_one(string name, string? key, string? cursor) =>
        Run(80, Target(name, key) with { Disposition = WriteDisposition.Replace, CursorField = cursor });

    [SkippableTheory]
    [InlineData("remove", Deletions.Remove, null)]
    [InlineData("mark", Deletions.Mark, null)]
    [InlineData("mark by version", Deletions.Mark, "version")]
    public void Deletions_equal_the_naive_ones(string name, Deletions deletions, string? cursor) =>
        Run(80, Target(name, "id") with { Deletions = deletions, CursorField = cursor });

    [SkippableFact]
    public void Declared_columns_equal_the_naive_ones()
    {
        var target = Target("declared", "id");
        Run(100, target with
        {
            Schema = target.Schema with
            {
                Columns = [new("id", null, ColumnType.Text), new("whole", null, ColumnType.Decimal), new("real", null, ColumnType.Decimal), new("doc", null, ColumnType.Json), new("order", null, ColumnType.Json), new("any", null, ColumnType.Text)],
            },
        });
    }

    private static StreamTarget Target(string name, string? key) => new()
    {
        PipelineName = Harness.PipelineName,
        Stream = name,
        Table = name,
        Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
    };

    private void Run(int count, StreamTarget target) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest((int)(count * share) * Factor),
        Prop.ForAll(SequenceGenerator.For(target, hasTypes: harness.SpeaksSql), sequence =>
        {
            // A table of its own for each, shrunk ones included.
            var name = $"{target.Table} {++_number}";
            new SequenceRunner(harness, target with { Stream = name, Table = name }).RunAsync(sequence).GetAwaiter().GetResult();
        }));

    public sealed class OnSqlite() : SequenceTests(new SqliteHarness(), 2);

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SequenceTests(new MongoDbHarness(server), 0.2);

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SequenceTests(new PostgreSqlHarness(server), 0.3);

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSqlWithUnusualSettings(PostgresServer server) : SequenceTests(PostgreSqlHarness.WithUnusualSettings(server), 0.1);

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SequenceTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url), 0.2);
}
