using System.Globalization;
using Tidemark.Destinations;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Sharing;

/// <summary>The answers to posts, kept with the rows that they tell of. Time is the database's clock.</summary>
internal static class IdempotencyTable
{
    public const string CreateSql =
        """
        CREATE TABLE IF NOT EXISTS _tidemark_idempotency(
            scope TEXT NOT NULL, key TEXT NOT NULL, part BIGINT NOT NULL, hash BLOB NOT NULL, answer TEXT NOT NULL, expires_at DOUBLE NOT NULL, PRIMARY KEY(scope, key, part));
        CREATE INDEX IF NOT EXISTS _tidemark_idempotency_expiry ON _tidemark_idempotency(expires_at)
        """;

    private const int MaxPurged = 5000;
    private const string Now = "unixepoch('now', 'subsec')";

    /// <summary>What is known of some keys. Whoever asks holds the write lock: none of them is in flight.</summary>
    public static List<KeyState> Find(Database database, IReadOnlyList<IdempotencyKey> keys)
    {
        var states = new List<KeyState>(keys.Count);
        if (keys.Count == 0) return states;
        using var select = database.Prepare($"SELECT hash, answer FROM _tidemark_idempotency WHERE scope = ?1 AND key = ?2 AND part = ?3 AND expires_at > {Now}");
        foreach (var key in keys)
        {
            var isThere = select.With(key.Scope, key.Key, key.Part).Step();
            states.Add(!isThere ? new KeyState(KeyStatus.New)
                : select.Bytes(0).SequenceEqual(key.Hash.Span) ? new KeyState(KeyStatus.Done, select.Bytes(1).ToArray()) : new KeyState(KeyStatus.OtherPayload));
            select.Reset();
        }
        return states;
    }

    /// <summary>Keeps answers.</summary>
    public static void Keep(Database database, IReadOnlyList<StoredAnswer> answers)
    {
        if (answers.Count == 0) return;
        var seconds = IdempotencyKey.KeptFor.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        using var insert = database.Prepare($"INSERT OR REPLACE INTO _tidemark_idempotency(scope, key, part, hash, answer, expires_at) VALUES(?1, ?2, ?3, ?4, ?5, {Now} + {seconds})");
        foreach (var (key, answer) in answers) insert.With(key.Scope, key.Key, key.Part, key.Hash.ToArray(), answer).Run();
    }

    /// <summary>Deletes answers whose time is over.</summary>
    public static long Purge(Database database)
    {
        database.Run($"DELETE FROM _tidemark_idempotency WHERE rowid IN (SELECT rowid FROM _tidemark_idempotency WHERE expires_at <= {Now} LIMIT {MaxPurged})");
        return database.Changes;
    }
}
