using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Keeping;

/// <summary>Steps of a user's own that make tables.</summary>
internal static class TableMigrations
{
    /// <summary>Applies what is missing, in one transaction.</summary>
    public static void Apply(Database database, IReadOnlyList<TableMigration> steps, TimeProvider time)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            database.Execute("CREATE TABLE IF NOT EXISTS _tidemark_migrations(name TEXT NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)");
            foreach (var step in steps.Where(s => !database.Exists("SELECT 1 FROM _tidemark_migrations WHERE name = ?1", s.Name)))
            {
                try
                {
                    database.Execute(step.Sql);
                }
                catch (SqliteError e)
                {
                    throw new DestinationException(e.Fault == DestinationFault.Temporary ? e.Fault : DestinationFault.Fatal, $"the migration {step.Name} failed, and nothing was changed: {e.Message}", e);
                }
                database.Run("INSERT INTO _tidemark_migrations(name, applied_at) VALUES(?1, ?2)", step.Name, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            }
            database.Execute("COMMIT");
        }
        catch
        {
            if (database.InTransaction) database.Execute("ROLLBACK");
            throw;
        }
    }
}
