using FsCheck;
using FsCheck.Fluent;
using Tidemark.Conformance.Sequences;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sharing;

/// <summary>Generated sequences of writes, commits, crashes and changes of the table, against dictionaries. A failure prints the seed and the smallest sequence that fails.</summary>
/// <param name="harness">The destination.</param>
/// <param name="share">How many of the sequences it gets.</param>
public abstract class SharedSequenceTests(Harness harness, double share) : IAsyncLifetime
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
    [InlineData("append", null, null)]
    public void Shared_writes_equal_the_naive_ones(string name, string? key, string? cursor)
    {
        var target = new StreamTarget
        {
            PipelineName = Harness.PipelineName,
            Stream = name,
            Table = name,
            Disposition = key is null ? WriteDisposition.Append : WriteDisposition.Merge,
            Schema = new BatchSchema { PrimaryKey = key?.Split(',') ?? [] },
            CursorField = cursor,
        };
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest((int)(100 * share) * Factor),
            Prop.ForAll(SequenceGenerator.For(target, hasTypes: harness.SpeaksSql), sequence =>
            {
                // A table of its own for each, shrunk ones included.
                var table = $"{target.Table} {++_number}";
                new SharedSequenceRunner(harness, target with { Stream = table, Table = table }).RunAsync(sequence).GetAwaiter().GetResult();
            }));
    }

    public sealed class OnSqlite() : SharedSequenceTests(new SqliteHarness(), 2);

    [Collection(MongoDbCollection.Name)]
    public sealed class OnMongoDb(MongoServer server) : SharedSequenceTests(new MongoDbHarness(server), 0.3);

    [Collection(PostgreSqlCollection.Name)]
    public sealed class OnPostgreSql(PostgresServer server) : SharedSequenceTests(new PostgreSqlHarness(server), 0.4);

    [Collection(PgBouncerCollection.Name)]
    public sealed class ThroughPgBouncer(PgBouncer bouncer) : SharedSequenceTests(new PostgreSqlHarness(bouncer.Server, bouncer.Url), 0.2);
}
