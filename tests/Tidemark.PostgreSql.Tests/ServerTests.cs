using Tidemark.PostgreSql.Native;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class ServerTests(PostgresServer server)
{
    [Fact]
    public async Task Server_of_the_tests_answers()
    {
        var database = PostgresServer.DatabaseOf(await server.CreateDatabaseAsync());
        (await server.SqlAsync(database, "SELECT 1, NULL")).ShouldBe("1|NULL");
    }

    [Theory]
    [InlineData("postgresql://postgres@/{0}?host={1}&port={2}")]
    [InlineData("postgresql:///{0}?host={1}&port={2}&user=postgres&keepalives=1&keepalives_idle=5")]
    [InlineData("postgresql://postgres@nowhere.invalid:{2}/{0}?host={1}")]
    [InlineData("postgresql://postgres@/{0}?host={1},127.0.0.1&port={2}&target_session_attrs=primary")]
    public async Task Unix_socket_is_a_way_to_the_server(string url)
    {
        var database = PostgresServer.DatabaseOf(await server.CreateDatabaseAsync());
        var directory = await server.SqlAsync(database, "SHOW unix_socket_directories");
        await using var way = PgServer.Of(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, database, directory, server.Port));
        await using var session = await way.ConnectAsync(default);
        (await session.ScalarAsync("SELECT inet_server_addr() IS NULL", default)).ShouldBe(true);
    }
}
