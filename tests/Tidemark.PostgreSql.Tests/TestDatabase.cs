using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Npgsql;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests;

/// <summary>An empty database. One that a test has given back is emptied for the next one: that takes a small part of the time in which another one is made.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConditionalWeakTable<PostgresServer, ConcurrentBag<string>> Returned = [];
    private static int _count;

    private readonly PostgresServer _server;

    private TestDatabase(PostgresServer server, string name) => (_server, Name) = (server, name);

    public string Name { get; }

    public string Url => _server.Url(Name);

    /// <summary>The name of a user for this test; whoever needs it creates it.</summary>
    public string User { get; } = $"user_{Interlocked.Increment(ref _count)}";

    public static async Task<TestDatabase> OpenAsync(PostgresServer server)
    {
        if (Returned.GetOrCreateValue(server).TryTake(out var name))
        {
            var again = new TestDatabase(server, name);
            if (await again.TryEmptyAsync()) return again;
        }
        return new TestDatabase(server, PostgresServer.DatabaseOf(await server.CreateDatabaseAsync()));
    }

    /// <summary>Runs SQL as the superuser over a connection of its own: rows as lines, columns separated by '|', NULL as 'NULL'.</summary>
    /// <exception cref="InvalidOperationException">The server has refused it.</exception>
    public async Task<string> SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database={Name};Pooling=false;Include Error Detail=true;Server Compatibility Mode=NoTypeLoading");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        var rows = new List<string>();
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            do
            {
                while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))));
            }
            while (await reader.NextResultAsync());
        }
        catch (PostgresException e)
        {
            throw new InvalidOperationException($"{sql}: {e.Message}", e);
        }
        return string.Join('\n', rows);
    }

    public ValueTask DisposeAsync()
    {
        Returned.GetOrCreateValue(_server).Add(Name);
        return ValueTask.CompletedTask;
    }

    // Rights and settings of the database itself would stay: such a one is not used again.
    private async Task<bool> TryEmptyAsync()
    {
        if (await SqlAsync("SELECT datacl IS NULL AND NOT EXISTS(SELECT FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database AS d WHERE datname = current_database()") != "t") return false;
        await SqlAsync(
            """
            DO $$
            DECLARE s text;
            BEGIN
                PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
                FOR s IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema' LOOP
                    EXECUTE format('DROP SCHEMA %I CASCADE', s);
                END LOOP;
                CREATE SCHEMA public AUTHORIZATION pg_database_owner;
                GRANT USAGE ON SCHEMA public TO PUBLIC;
            END $$
            """);
        return true;
    }
}
