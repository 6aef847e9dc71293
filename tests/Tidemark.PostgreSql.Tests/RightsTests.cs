using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests;

/// <summary>What a check finds before a run would: each case is refused by the run as well, and the statement that it names mends both.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class RightsTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Theory]
    [InlineData(WriteDisposition.Merge, Deletions.Ignore, "SELECT", "INSERT, UPDATE")]
    [InlineData(WriteDisposition.Merge, Deletions.Remove, "SELECT, INSERT", "UPDATE, DELETE")]
    [InlineData(WriteDisposition.Append, Deletions.Ignore, "UPDATE", "SELECT, INSERT")]
    [InlineData(WriteDisposition.Replace, Deletions.Ignore, "INSERT, SELECT", "DELETE")]
    public async Task Rights_on_a_table_that_a_stream_lacks_are_named(WriteDisposition disposition, Deletions deletions, string granted, string missing)
    {
        var url = await UserAsync();
        var target = Target() with { Disposition = disposition, Deletions = deletions };
        await _db.SqlAsync($"CREATE TABLE t(id bigint PRIMARY KEY, v bigint); GRANT {granted} ON t TO {_db.User}");
        await MendsAsync(url, target, $"the table 'public.t' does not allow {missing}, which the stream 's' needs; its owner can mend it with: ", $"GRANT {missing} ON \"public\".\"t\" TO \"{_db.User}\"");
    }

    [Fact]
    public async Task Columns_that_alone_may_be_written_are_enough()
    {
        var url = await UserAsync();
        await _db.SqlAsync($"CREATE TABLE t(id bigint PRIMARY KEY, v bigint, theirs bigint); GRANT SELECT, INSERT(id, v), UPDATE(v) ON t TO {_db.User}");
        await _db.Destination(url).CheckTableAsync(Target(), default);
        await using var writer = await _db.Destination(url).OpenAsync(Target(), default);
        (await WriteAsync(writer, Target(), """{"id":1,"v":1}""")).Inserted.ShouldBe(1);
    }

    [Fact]
    public async Task Schema_in_which_no_table_can_be_made_is_named_unless_it_is_there()
    {
        var url = await UserAsync();
        await _db.SqlAsync("CREATE SCHEMA shop");
        await MendsAsync(url, Target("shop.t"), "the schema 'shop' can't be used; its owner can mend it with: ", $"GRANT USAGE, CREATE ON SCHEMA \"shop\" TO \"{_db.User}\"");
        await _db.SqlAsync($"REVOKE CREATE ON SCHEMA shop FROM {_db.User}");
        await MendsAsync(url, Target("shop.u"), "the table 'shop.u' is not there, and it can't be created; its owner can mend it with: ", $"GRANT CREATE ON SCHEMA \"shop\" TO \"{_db.User}\"");
        await MendsAsync(url, Target("other.t"), "the schema 'other' does not exist, and it can't be created; its owner can mend it with: ", $"CREATE SCHEMA \"other\" AUTHORIZATION \"{_db.User}\"");
        await _db.SqlAsync($"REVOKE CREATE ON SCHEMA public FROM {_db.User}; CREATE TABLE t(id bigint PRIMARY KEY); GRANT ALL ON t TO {_db.User}");
        await MendsAsync(
            url, Target() with { Deletions = Deletions.Remove }, "the stream 's' puts aside what a full read carries, and no table can be created in the schema 'public'; its owner can mend it with: ",
            $"GRANT CREATE ON SCHEMA \"public\" TO \"{_db.User}\"");
    }

    [Fact]
    public async Task View_and_row_level_security_without_a_policy_are_found()
    {
        var url = await UserAsync();
        await _db.SqlAsync($"CREATE VIEW v AS SELECT 1 AS id; CREATE TABLE t(id bigint PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY; GRANT ALL ON t TO {_db.User}");
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).CheckTableAsync(Target("v"), default))).Message.ShouldBe("found a view 'public.v', expected a table: name another table, or drop the view");
        (await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).CheckTableAsync(Target(), default))).Message.ShouldContain("the table 'public.t' has row-level security without any policy");
        await _db.SqlAsync("CREATE POLICY p ON t USING (true)");
        await _db.Destination(url).CheckTableAsync(Target(), default);
    }

    [Fact]
    public async Task Tables_of_ours_that_somebody_else_made_are_found()
    {
        await (await _db.OpenAsync(Target())).DisposeAsync();
        var url = await UserAsync();
        var e = await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).CheckAsync(default));
        var grant = $"GRANT SELECT, INSERT, UPDATE, DELETE ON \"public\".\"_tidemark_checkpoints\", \"public\".\"_tidemark_columns\", \"public\".\"_tidemark_queue\" TO \"{_db.User}\"";
        e.Message.ShouldEndWith(grant);
        await _db.SqlAsync(grant);
        await _db.Destination(url).CheckAsync(default);
        await (await _db.Destination(url).OpenAsync(Target(), default)).DisposeAsync();
    }

    [Fact]
    public async Task Store_that_can_not_be_used_says_what_it_is_and_what_mends_it()
    {
        var url = await UserAsync();
        await StoreMendsAsync(url, $"CREATE SCHEMA tidemark AUTHORIZATION \"{_db.User}\"");
        await _db.SqlAsync("DROP SCHEMA tidemark CASCADE; CREATE SCHEMA tidemark");
        await StoreMendsAsync(url, $"GRANT USAGE, CREATE ON SCHEMA tidemark TO \"{_db.User}\"");
        await _db.SqlAsync("DROP SCHEMA tidemark CASCADE");
        await (await OpenStoreAsync(_db.Url)).DisposeAsync();
        await _db.SqlAsync($"GRANT USAGE ON SCHEMA tidemark TO {_db.User}");
        var closed = await Should.ThrowAsync<DestinationException>(() => PostgreSqlStore.CheckAsync(StoreAt(url), default));
        await _db.SqlAsync(closed.Message[closed.Message.IndexOf("GRANT", StringComparison.Ordinal)..closed.Message.IndexOf("; the schema", StringComparison.Ordinal)]);
        await PostgreSqlStore.CheckAsync(StoreAt(url), default);
        await (await OpenStoreAsync(url)).DisposeAsync();
    }

    private async Task StoreMendsAsync(string url, string remedy)
    {
        foreach (var refused in new Func<Task>[] { () => PostgreSqlStore.CheckAsync(StoreAt(url), default), () => OpenStoreAsync(url) })
        {
            var e = await Should.ThrowAsync<DestinationException>(refused);
            (e.Fault, e.Message.Contains("the schema 'tidemark' is the store", StringComparison.Ordinal), e.Message.Contains("store:", StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true, true), e.Message);
        }
        (await Should.ThrowAsync<DestinationException>(() => PostgreSqlStore.CheckAsync(StoreAt(url), default))).Message.ShouldContain($"its owner can mend it with: {remedy};");
        await _db.SqlAsync(remedy);
        await PostgreSqlStore.CheckAsync(StoreAt(url), default);
        await (await OpenStoreAsync(url)).DisposeAsync();
    }

    private async Task MendsAsync(string url, StreamTarget target, string message, string remedy)
    {
        var e = await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).CheckTableAsync(target, default));
        (e.Fault, e.Message.EndsWith(message + remedy, StringComparison.Ordinal)).ShouldBe((DestinationFault.Fatal, true), e.Message);
        (await Should.ThrowAsync<DestinationException>(() => RunAsync(url, target))).Fault.ShouldBe(DestinationFault.Fatal);
        await _db.SqlAsync(remedy);
        await _db.Destination(url).CheckTableAsync(target, default);
        await RunAsync(url, target);
    }

    private async Task RunAsync(string url, StreamTarget target)
    {
        await using var writer = await _db.Destination(url).OpenAsync(target, default);
        await WriteAsync(writer, target, """{"id":1}""");
        await _db.SqlAsync(target.Table == "t" ? "INSERT INTO t VALUES (7) ON CONFLICT DO NOTHING" : "SELECT");
        await using var transaction = await writer.BeginAsync(default);
        await transaction.FinishAsync(Finish(maxDelete: 1), default);
        await transaction.CommitAsync(new Checkpoints.Checkpoint(), default);
    }

    // May make tables of ours, and no more.
    private async Task<string> UserAsync()
    {
        var url = await _db.AddUserAsync();
        await _db.SqlAsync($"GRANT CREATE ON SCHEMA public TO {_db.User}");
        return url;
    }

    private static PostgreSqlDestination StoreAt(string url) => new() { Url = new Secret(url) };

    private static Task<PostgreSqlStore> OpenStoreAsync(string url) => PostgreSqlStore.OpenAsync(StoreAt(url), TimeProvider.System, default);
}
