using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;
using Tidemark.PostgreSql.Writing;

namespace Tidemark.PostgreSql.Sharing;

/// <summary>The statement that writes the rows of one round of one table, and what it has answered.</summary>
internal sealed class RoundMerge
{
    private readonly IReadOnlyList<object?> _values;
    private readonly int[] _records;

    public RoundMerge(PgSharedTable table, TableRecords records, int round)
    {
        (Layout, Sql) = table.Rows.Round(records.Batch, round);
        var rows = table.Rows.Of.Round(round);
        _records = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++) _records[i] = rows[i].Record - records.Start;
        _values = table.Arrays.Of(records.Batch, table.Rows.Of, round, Layout);
        Appends = table.Rows.Key.Count == 0;
    }

    public RowLayout Layout { get; }

    public RowSql Sql { get; }

    /// <summary>True if each record is a new row.</summary>
    public bool Appends { get; }

    /// <summary>How many rows it writes.</summary>
    public int Count => _records.Length;

    /// <summary>The statement.</summary>
    /// <param name="exactly">True to tell each inserted row as well.</param>
    public PgStatement Statement(bool exactly) =>
        !Appends ? new PgStatement(exactly ? Sql.MergeEachExactly : Sql.MergeEach, _values)
        : Layout.Columns.Length > 0 ? new PgStatement(Sql.InsertEach, _values)
        : new PgStatement(Sql.InsertEmpty(_records.Length));

    /// <summary>Locks the rows that are there.</summary>
    public PgStatement Lock() => new(Sql.LockEach, _values);

    /// <summary>Asks how many different keys the rows have, as only the database can tell for some types; null: we know.</summary>
    public PgStatement? CountKeys() => !Appends && Sql.HasOwnEquality && _records.Length > 1 ? new PgStatement(Sql.CountKeys(Sql.FromArrays), _values) : null;

    /// <summary>Reads an answer into the outcomes.</summary>
    /// <param name="rows">The answer.</param>
    /// <param name="outcomes">Gets what became of each record of the call; what was not written although it should have been counts as unchanged.</param>
    /// <returns>The records that should have been written, and were not.</returns>
    public MissedRows Read(List<object?[]> rows, WrittenRecord[] outcomes)
    {
        if (Appends)
        {
            // What a trigger keeps out by itself is nobody else's to tell.
            foreach (var record in _records) outcomes[record] = new WrittenRecord(RecordOutcome.Inserted);
            return default;
        }
        var letters = (string)rows[0][0]!;
        var updated = new HashSet<long>(rows[0][1] as long[] ?? []);
        var each = rows[0].Length > 3 ? new HashSet<long>(rows[0][3] as long[] ?? []) : null;
        var allInserted = (long)rows[0][2]! == letters.Count(l => l == MergedRow.New);
        var missed = new MissedRows(0, 0);
        for (var i = 0; i < letters.Length; i++)
        {
            var outcome = letters[i] switch
            {
                MergedRow.New when allInserted || each?.Contains(i + 1) == true => RecordOutcome.Inserted,
                MergedRow.Changed when updated.Contains(i + 1) => RecordOutcome.Updated,
                MergedRow.Older => RecordOutcome.Older,
                _ => RecordOutcome.Unchanged,
            };
            outcomes[_records[i]] = new WrittenRecord(outcome);
            if (outcome != RecordOutcome.Unchanged || letters[i] == MergedRow.Same) continue;
            missed = letters[i] == MergedRow.New ? missed with { Inserts = HashCode.Combine(missed.Inserts, _records[i] + 1) } : missed with { Updates = missed.Updates + 1 };
        }
        return missed;
    }
}
