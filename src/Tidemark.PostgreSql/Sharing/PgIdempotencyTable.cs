using System.Globalization;
using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>The answers to posts, kept with the rows that they tell of. Time is the database's clock.</summary>
/// <remarks>Whoever works on a key holds a lock on it to the end of the transaction, which nobody waits for: a key whose lock is taken is in flight.</remarks>
internal static class PgIdempotencyTable
{
    private const string Name = "_tidemark_idempotency";
    private const int MaxPurged = 5000;

    /// <summary>Makes it, if it is missing, within the caller's transaction; nobody needs a right to create once it is there.</summary>
    public static async Task EnsureAsync(Session session, string schema, CancellationToken cancellationToken)
    {
        if (await session.ScalarAsync("SELECT to_regclass($1) IS NOT NULL", cancellationToken, Quoted(schema)) is true) return;
        await session.ExecuteAsync(PgSql.SchemaLock, cancellationToken);
        await session.ExecuteAsync(
            $"""
            CREATE TABLE IF NOT EXISTS {Quoted(schema)}(
                scope text NOT NULL, key text NOT NULL, part integer NOT NULL, hash bytea NOT NULL, answer bytea NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY(scope, key, part));
            CREATE INDEX IF NOT EXISTS _tidemark_idempotency_expiry ON {Quoted(schema)}(expires_at)
            """,
            cancellationToken);
    }

    /// <summary>Locks keys, and asks for what is kept under them: two answers, which <see cref="StatesOf"/> reads.</summary>
    public static IEnumerable<PgStatement> Look(string schema, IReadOnlyList<IdempotencyKey> keys)
    {
        var locks = keys.Select(k => long.Parse(
            StableHash.Of("idempotency", schema, k.Scope, k.Key, k.Part.ToString(CultureInfo.InvariantCulture)), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
        yield return new PgStatement("SELECT array_agg(l.taken ORDER BY l.n) FROM (SELECT n, pg_try_advisory_xact_lock(k) AS taken FROM unnest($1::bigint[]) WITH ORDINALITY AS k(k, n)) AS l", locks);
        // A statement of its own: it has to see what those who had the locks before have committed.
        yield return new PgStatement(
            $"""
            SELECT k.n, i.hash, i.answer FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY AS k(scope, key, part, n)
            JOIN {Quoted(schema)} AS i ON i.scope = k.scope AND i.key = k.key AND i.part = k.part WHERE i.expires_at > clock_timestamp()
            """,
            keys.Select(k => k.Scope).ToArray(), keys.Select(k => k.Key).ToArray(), keys.Select(k => k.Part).ToArray());
    }

    /// <summary>What is known of each key.</summary>
    public static KeyState[] StatesOf(IReadOnlyList<IdempotencyKey> keys, List<object?[]> locks, List<object?[]> kept)
    {
        var states = Array.ConvertAll((bool[])locks[0][0]!, taken => new KeyState(taken ? KeyStatus.New : KeyStatus.InFlight));
        foreach (var row in kept)
        {
            var index = (int)(long)row[0]! - 1;
            states[index] = keys[index].Hash.Span.SequenceEqual((byte[])row[1]!) ? new KeyState(KeyStatus.Done, (byte[])row[2]!) : new KeyState(KeyStatus.OtherPayload);
        }
        return states;
    }

    /// <summary>Keeps answers.</summary>
    public static PgStatement Keep(string schema, IReadOnlyList<StoredAnswer> answers) => new(
        $"""
        INSERT INTO {Quoted(schema)}(scope, key, part, hash, answer, expires_at)
        SELECT a.scope, a.key, a.part, a.hash, a.answer, clock_timestamp() + make_interval(secs => $6) FROM unnest($1::text[], $2::text[], $3::integer[], $4::bytea[], $5::bytea[]) AS a(scope, key, part, hash, answer)
        ON CONFLICT (scope, key, part) DO UPDATE SET hash = excluded.hash, answer = excluded.answer, expires_at = excluded.expires_at
        """,
        answers.Select(a => a.Key.Scope).ToArray(), answers.Select(a => a.Key.Key).ToArray(), answers.Select(a => a.Key.Part).ToArray(),
        answers.Select(a => a.Key.Hash.ToArray()).ToArray(), answers.Select(a => a.Answer.ToArray()).ToArray(), IdempotencyKey.KeptFor.TotalSeconds);

    /// <summary>Deletes answers whose time is over; those that somebody else deletes right now are left to him.</summary>
    public static Task<long> PurgeAsync(Session session, string schema, CancellationToken cancellationToken) => session.ExecuteAsync(
        $"""
        DELETE FROM {Quoted(schema)} AS i USING (SELECT scope, key, part FROM {Quoted(schema)} WHERE expires_at <= clock_timestamp() LIMIT {MaxPurged} FOR UPDATE SKIP LOCKED) AS old
        WHERE i.scope = old.scope AND i.key = old.key AND i.part = old.part
        """,
        cancellationToken);

    private static string Quoted(string schema) => $"{PgSql.Quote(schema)}.{Name}";
}
