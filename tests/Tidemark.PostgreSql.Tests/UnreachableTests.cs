using System.Net;
using System.Net.Sockets;
using Tidemark.Destinations;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.TestDestination;

namespace Tidemark.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class UnreachableTests(PostgresServer server) : IAsyncLifetime
{
    private TestDestination _db = null!;

    public async Task InitializeAsync() => _db = await CreateAsync(server);

    public async Task DisposeAsync() => await _db.DisposeAsync();

    [Fact]
    public async Task Server_and_user_with_all_rights_pass_the_check()
    {
        await _db.Destination().CheckAsync(default);
        await _db.Destination(schema: "not yet there").CheckAsync(default);
        (await _db.SqlAsync("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 'not yet there')")).ShouldBe("0");
    }

    [Fact]
    public async Task Database_that_does_not_exist_is_named()
    {
        var e = await ErrorAsync(server.Url("nowhere").Replace("postgres@", "postgres:hush@", StringComparison.Ordinal));
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal, $"127.0.0.1:{server.Port}/nowhere: database \"nowhere\" does not exist (SQLSTATE 3D000); create the database, or name another one"));
    }

    [Fact]
    public async Task User_who_does_not_exist_is_refused_without_a_word_of_the_password()
    {
        var e = await ErrorAsync($"postgresql://nobody:hush@127.0.0.1:{server.Port}/{_db.Database}");
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal, $"127.0.0.1:{server.Port}/{_db.Database}: role \"nobody\" does not exist (SQLSTATE 28000); check user and password, and pg_hba.conf"));
    }

    [Fact]
    public async Task Host_that_is_unknown_may_come_back()
    {
        var e = await ErrorAsync("postgresql://ann:hush@no-such-host.invalid/shop");
        (e.Fault, e.IsUnreachable).ShouldBe((DestinationFault.Temporary, true));
        e.Message.ShouldStartWith("the connection to no-such-host.invalid:5432/shop failed: ");
        e.Message.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("[::1]", "[::1]")]
    public async Task Server_that_is_not_there_may_come_back(string host, string shown)
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var e = await ErrorAsync($"postgresql://ann:hush@{host}:{port}/shop");
        (e.Fault, e.IsUnreachable).ShouldBe((DestinationFault.Temporary, true));
        e.Message.ShouldStartWith($"the connection to {shown}:{port}/shop failed: ");
    }

    [Fact]
    public async Task Second_host_is_taken_where_the_first_is_not_there()
    {
        var url = _db.Url.Replace("@127.0.0.1", "@127.0.0.1:1,127.0.0.1", StringComparison.Ordinal) + "?target_session_attrs=read-write";
        await _db.Destination(url).CheckAsync(default);
        await using var writer = await _db.Destination(url).OpenAsync(Target(), default);
    }

    [Fact]
    public async Task Tls_that_the_server_does_not_speak_is_fatal_with_advice()
    {
        var e = await ErrorAsync(_db.Url + "?sslmode=require");
        e.Fault.ShouldBe(DestinationFault.Fatal);
        e.Message.ShouldEndWith("the server speaks no TLS: use sslmode=prefer or sslmode=disable if that is all right");
    }

    [Fact]
    public async Task Database_that_can_not_be_written_says_so()
    {
        await _db.SqlAsync($"ALTER DATABASE {_db.Database} SET default_transaction_read_only = on");
        var e = await ErrorAsync(_db.Url);
        (e.Fault, e.Message).ShouldBe((DestinationFault.Fatal,
            $"127.0.0.1:{server.Port}/{_db.Database}: transactions are read only here: take default_transaction_read_only away from the server, the database or the user"));
        (await Should.ThrowAsync<DestinationException>(() => _db.OpenAsync(Target()))).Message.ShouldBe(e.Message);
    }

    [Fact]
    public async Task User_without_rights_is_told_what_to_grant()
    {
        var url = await _db.AddUserAsync();
        var at = $"127.0.0.1:{server.Port}/{_db.Database}";
        (await ErrorAsync(url)).Message.ShouldBe($"{at}: no table can be created in the schema 'public'; its owner can mend it with: GRANT CREATE ON SCHEMA \"public\" TO \"{_db.User}\"");
        (await ErrorAsync(url, "other")).Message.ShouldBe($"{at}: the schema 'other' does not exist, and it can't be created; its owner can mend it with: CREATE SCHEMA \"other\" AUTHORIZATION \"{_db.User}\"");
        await _db.SqlAsync("CREATE SCHEMA closed");
        (await ErrorAsync(url, "closed")).Message.ShouldBe($"{at}: the schema 'closed' can't be used; its owner can mend it with: GRANT USAGE, CREATE ON SCHEMA \"closed\" TO \"{_db.User}\"");
        var refused = await Should.ThrowAsync<DestinationException>(() => _db.Destination(url).OpenAsync(Target(), default));
        (refused.Fault, refused.Message).ShouldBe((DestinationFault.Fatal, $"{at}: permission denied for schema public (SQLSTATE 42501); grant the user the right, or name another user"));
        await _db.SqlAsync($"REVOKE TEMPORARY ON DATABASE {_db.Database} FROM PUBLIC");
        (await ErrorAsync(url)).Message.ShouldBe($"{at}: temporary tables can't be created; its owner can mend it with: GRANT TEMPORARY ON DATABASE \"{_db.Database}\" TO \"{_db.User}\"");
    }

    [Fact]
    public async Task User_needs_no_right_to_create_once_the_tables_are_there()
    {
        var url = await _db.AddUserAsync();
        await (await _db.OpenAsync(Target())).DisposeAsync();
        await _db.SqlAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {_db.User}");
        await _db.Destination(url).CheckAsync(default);
        await using var writer = await _db.Destination(url).OpenAsync(Target(), default);
        await using var transaction = await writer.BeginAsync(default);
        await transaction.EnqueueAsync("q", ["{}"u8.ToArray()], default);
        await transaction.CommitAsync(new(), default);
    }

    private async Task<DestinationException> ErrorAsync(string url, string schema = "public") =>
        await Should.ThrowAsync<DestinationException>(() => _db.Destination(url, schema).CheckAsync(default));
}
