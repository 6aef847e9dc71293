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
}
