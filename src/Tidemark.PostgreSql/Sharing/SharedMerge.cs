using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>Writes records of several tables in one round trip, under the caller's savepoint, and tells of each what became of it.</summary>
/// <remarks>
/// 1. Records of one key are folded into rows; mostly they make one round a table (<see cref="FoldedRows"/>). Rows go as arrays, whatever their number: COPY would cost round trips a table.
/// 2. One statement a round merges as <see cref="RowSql.MergeEach"/> says. All of them, with what has to go before and behind, are sent together.
/// 3. Where another writer was faster in some row, everything is undone to the savepoint and sent again, behind locks of the rows that are there by then. What is not written
///    under lock the table itself keeps out, by a trigger or a rule: it counts as unchanged.
/// 4. Keys of foreign types, of which only the database knows which are equal, are counted first; where two are equal the records are written in halves.
/// </remarks>
internal sealed class SharedMerge(PgSharedTables tables)
{
    private const string Savepoint = "_tidemark_merge";
    private const int MaxRepeats = 10;

    // With more rows the planner would read a whole table of a million to save looking up each key, compile the statement, and put rows on disk.
    private const int ManyRows = 500;
    private static readonly string[] ForManyRows = ["enable_hashjoin = off", "enable_mergejoin = off", "jit = off", "work_mem = '64MB'"];

    private readonly Session _session = tables.Session;

    public async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        foreach (var part in records)
        {
            // At this point the tables are mostly as they have to be, and nothing is sent.
            if (!tables.All[part.Target].Holds(part)) await tables.All[part.Target].EnsureAsync(part, cancellationToken);
        }
        var outcomes = records.Select(r => Filled(r.Count)).ToArray();
        var merges = records.Select(r => MergesOf(r)).ToArray();
        if (await HasEqualKeysAsync(merges, cancellationToken)) return await WriteApartAsync(records, cancellationToken);
        await MergeAsync(merges, outcomes, cancellationToken);
        foreach (var part in records) tables.All[part.Target].NoteDiscarded(part);
        return outcomes;
    }

    private List<RoundMerge> MergesOf(TableRecords records)
    {
        var table = tables.All[records.Target];
        table.Rows.Fold(records.Batch, records.Start, records.Count);
        return [.. Enumerable.Range(0, table.Rows.Of.Rounds).Select(round => new RoundMerge(table, records, round))];
    }

    private async Task MergeAsync(List<RoundMerge>[] merges, WrittenRecord[][] outcomes, CancellationToken cancellationToken)
    {
        _session.Defer($"SAVEPOINT {Savepoint}");
        var missed = await RunAsync(merges, outcomes, isRepeat: false, cancellationToken);
        var before = MissedOf(missed);
        for (var repeat = 0; repeat < MaxRepeats && !Array.TrueForAll(missed, m => m.IsNone); repeat++)
        {
            _session.Defer($"ROLLBACK TO {Savepoint}");
            missed = await RunAsync(merges, outcomes, isRepeat: true, cancellationToken);
            // Under lock nobody else updates, and of two who insert the slower one finds the row the next time: whatever is missed still is kept out by the table itself.
            if (Array.TrueForAll(missed, m => m.Inserts == 0) || (repeat > 0 && before.SequenceEqual(MissedOf(missed))))
            {
                if (!Array.TrueForAll(missed, m => m.IsNone) && tables.All.FirstOrDefault(t => t.Table.Shape is { HasRowSecurity: true }) is { } secured) throw Refusal.Hidden(secured.Table.Name);
                return;
            }
            before = MissedOf(missed);
        }
        if (!Array.TrueForAll(missed, m => m.IsNone))
            throw new DestinationException(DestinationFault.Temporary, $"other writers insert and delete rows of '{string.Join("', '", tables.All.Select(t => t.Table.Name))}' faster than they can be merged");
    }

    private static int[] MissedOf(MissedRows[] missed) => Array.ConvertAll(missed, m => m.Inserts);

    private async Task<MissedRows[]> RunAsync(List<RoundMerge>[] merges, WrittenRecord[][] outcomes, bool isRepeat, CancellationToken cancellationToken)
    {
        var all = merges.SelectMany(m => m).ToList();
        if (!isRepeat && all.Exists(m => m.Count > ManyRows))
        {
            foreach (var setting in ForManyRows) _session.Defer($"SET LOCAL {setting}");
        }
        var locks = isRepeat ? all.Where(m => !m.Appends).Select(m => m.Lock()).ToList() : [];
        List<PgStatement> statements = [.. locks, .. all.Select(m => m.Statement(exactly: isRepeat))];
        // What is checked at the end of the transaction would come too late to tell which record it is.
        if (tables.All.Any(t => t.Table.HasDeferrableConstraints)) statements.Add(new PgStatement("SET CONSTRAINTS ALL IMMEDIATE"));
        var answers = await AnswersAsync(statements, all, cancellationToken);
        var missed = new MissedRows[all.Count];
        var at = 0;
        for (var i = 0; i < merges.Length; i++)
        {
            foreach (var merge in merges[i]) missed[at] = merge.Read(answers[locks.Count + at++], outcomes[i]);
        }
        return missed;
    }

    private async Task<List<List<object?[]>>> AnswersAsync(List<PgStatement> statements, List<RoundMerge> merges, CancellationToken cancellationToken)
    {
        try
        {
            return await _session.RunAllAsync(statements, cancellationToken);
        }
        catch (PgError e) when (e.Fault == DestinationFault.Record && merges.Count == 1)
        {
            throw Refusal.WithColumns(e, merges[0].Layout);
        }
    }

    private async Task<bool> HasEqualKeysAsync(List<RoundMerge>[] merges, CancellationToken cancellationToken)
    {
        var asked = merges.SelectMany(m => m).Select(m => (Merge: m, Count: m.CountKeys())).Where(m => m.Count is not null).ToList();
        if (asked.Count == 0) return false;
        var answers = await _session.RunAllAsync(asked.ConvertAll(a => a.Count!), cancellationToken);
        return asked.Select((a, i) => (long)answers[i][0][0]! < a.Merge.Count).Any(isLess => isLess);
    }

    // Rare enough to be simple: keys such as 1.0 and 1.00 in one call.
    private async Task<IReadOnlyList<IReadOnlyList<WrittenRecord>>> WriteApartAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken)
    {
        var outcomes = new List<IReadOnlyList<WrittenRecord>>();
        foreach (var part in records)
        {
            if (part.Count <= 1 || records.Count > 1)
            {
                outcomes.Add((await WriteAsync([part], cancellationToken))[0]);
                continue;
            }
            var half = part.Count / 2;
            var first = await WriteAsync([part with { Count = half }], cancellationToken);
            var second = await WriteAsync([part with { Start = part.Start + half, Count = part.Count - half }], cancellationToken);
            outcomes.Add([.. first[0], .. second[0]]);
        }
        return outcomes;
    }

    private static WrittenRecord[] Filled(int count)
    {
        var outcomes = new WrittenRecord[count];
        // What makes no row of its own has been overtaken.
        Array.Fill(outcomes, new WrittenRecord(RecordOutcome.Duplicate));
        return outcomes;
    }
}
