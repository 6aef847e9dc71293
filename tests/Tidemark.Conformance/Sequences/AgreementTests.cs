using FsCheck;
using FsCheck.Fluent;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Tests.Shared;

namespace Tidemark.Conformance.Sequences;

/// <summary>SQLite and PostgreSQL count the same, call by call: also where records of one key meet in a call, and the naive destination leaves room for more than one answer.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class AgreementTests(PostgresServer server) : IAsyncLifetime
{
    private readonly SqliteHarness _sqlite = new();
    private readonly PostgreSqlHarness _postgreSql = new(server);
    private int _number;

    public async Task InitializeAsync()
    {
        await _sqlite.InitializeAsync();
        await _postgreSql.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _sqlite.DisposeAsync();
        await _postgreSql.DisposeAsync();
    }

    [Theory]
    [InlineData(null, Deletions.Ignore)]
    [InlineData("version", Deletions.Ignore)]
    [InlineData("changed", Deletions.Mark)]
    public void Counts_are_the_same(string? cursor, Deletions deletions)
    {
        var target = new StreamTarget
        {
            PipelineName = Harness.PipelineName, Stream = "", Table = "", Schema = new BatchSchema { PrimaryKey = ["id"] }, CursorField = cursor, Deletions = deletions,
        };
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(SequenceGenerator.For(target), sequence =>
        {
            // Connections are cut on one side only.
            var steps = new Sequence([.. sequence.Steps.Where(s => s.Kind != StepKind.Cut)]);
            var name = $"agree {++_number}";
            Counts(_postgreSql, name).ShouldBe(Counts(_sqlite, name));

            List<WriteCounts> Counts(Harness harness, string table)
            {
                var runner = new SequenceRunner(harness, target with { Stream = table, Table = table });
                runner.RunAsync(steps).GetAwaiter().GetResult();
                return runner.Transcript;
            }
        }));
    }
}
