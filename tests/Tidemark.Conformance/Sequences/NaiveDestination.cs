using System.Text.Json;
using Tidemark.Conformance.Support;
using Tidemark.Destinations;
using Tidemark.Scanning;

namespace Tidemark.Conformance.Sequences;

/// <summary>
/// What a destination promises, done in the plainest way: one record after the other, into dictionaries. A call writes its records from the oldest to the newest by the cursor field;
/// where two can't be compared, in the order in which they came.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="keepsNull">True if a field that is null is another one than a field that is missing.</param>
internal sealed class NaiveDestination(StreamTarget target, bool keepsNull)
{
    private readonly IReadOnlyList<string> _key = target.Disposition == WriteDisposition.Append ? [] : target.Schema.PrimaryKey;
    private NaiveRows? _working;

    public NaiveRows Committed { get; private set; } = new();

    private NaiveRows Working => _working ??= Committed.Clone();

    private bool FollowsDeletions => target.Disposition == WriteDisposition.Merge && target.Deletions != Deletions.Ignore;

    public void Commit() => (Committed, _working) = (Working, null);

    public void Abandon() => _working = null;

    /// <summary>The records of a call without those whose place among others of the same key nothing tells: some can be compared with them, others not.</summary>
    public List<string> WithoutRiddles(IEnumerable<string> records)
    {
        if (target.CursorField is not { } cursor || _key.Count == 0) return [.. records];
        var kept = new List<(string Json, string Key, string? Cursor)>();
        foreach (var json in records)
        {
            var record = Parse(json);
            var (key, value) = (KeyOf(record), record.GetValueOrDefault(cursor));
            var same = kept.Where(k => string.Equals(k.Key, key, StringComparison.Ordinal)).ToList();
            if (same.TrueForAll(s => value is null ? s.Cursor is null : s.Cursor is not null && CursorKinds.Compare(s.Cursor, value) is not null)) kept.Add((json, key, value));
        }
        return kept.ConvertAll(k => k.Json);
    }

    public NaiveCounts Write(IReadOnlyList<string> records)
    {
        var rows = target.Disposition == WriteDisposition.Replace ? Working.Aside ??= new(StringComparer.Ordinal) : Working.Table;
        var counts = new NaiveCounts();
        foreach (var group in records.Select(Parse).GroupBy(KeyOf, StringComparer.Ordinal))
        {
            if (FollowsDeletions) Working.Seen.Add(group.Key);
            counts += WriteKey(rows, group.Key, InOrder([.. group]));
        }
        return counts;
    }

    /// <summary>How many rows are lost; null: a guard holds.</summary>
    public long? Finish(FinishOptions options) =>
        target.Disposition == WriteDisposition.Replace ? Replace(options) : FollowsDeletions ? Delete(options) : 0;

    public void StartOver()
    {
        Working.Aside = null;
        Working.Seen.Clear();
    }

    public void Enqueue(IEnumerable<string> items) => Working.Queue.AddRange(items);

    public void Dequeue()
    {
        if (Working.Queue.Count > 0) Working.Queue.RemoveAt(0);
    }

    private NaiveCounts WriteKey(Dictionary<string, Dictionary<string, string>> rows, string key, List<Dictionary<string, string?>> records)
    {
        var before = rows.GetValueOrDefault(key);
        var row = rows[key] = before is null ? new(StringComparer.Ordinal) : new(before, StringComparer.Ordinal);
        var (changes, older) = (0L, 0L);
        foreach (var record in records)
        {
            // The source has it, in whatever version.
            var changed = row.Remove(NaiveRows.Deleted);
            var isOlder = IsOlder(record, row);
            if (!isOlder)
            {
                foreach (var (field, value) in record) changed |= Set(row, field, value);
            }
            if (changed) changes++;
            else if (isOlder) older++;
        }
        var differs = before is not null && !(before.Count == row.Count && before.All(f => string.Equals(row.GetValueOrDefault(f.Key), f.Value, StringComparison.Ordinal)));
        return new NaiveCounts(records.Count, before is null ? 1 : 0, differs ? 1 : 0, before is null ? Math.Max(0, changes - 1) : changes, records.Count == 1 ? older : 0, older);
    }

    private bool IsOlder(Dictionary<string, string?> record, Dictionary<string, string> row) =>
        target.CursorField is { } cursor && !target.IgnoreCursor && record.GetValueOrDefault(cursor) is { } arriving && row.TryGetValue(cursor, out var stored) && stored != NaiveRows.Null
        && CursorKinds.Compare(arriving, stored) < 0;

    private bool Set(Dictionary<string, string> row, string field, string? value)
    {
        if (keepsNull) value ??= NaiveRows.Null;
        if (value is null) return row.Remove(field);
        if (row.TryGetValue(field, out var stored) && string.Equals(stored, value, StringComparison.Ordinal)) return false;
        row[field] = value;
        return true;
    }

    private List<Dictionary<string, string?>> InOrder(List<Dictionary<string, string?>> records)
    {
        if (target.CursorField is not { } cursor || records.Count == 1 || records[0].GetValueOrDefault(cursor) is null) return records;
        return [.. records.Order(Comparer<Dictionary<string, string?>>.Create((a, b) => CursorKinds.Compare(a[cursor]!, b[cursor]!) ?? 0))];
    }

    private long? Replace(FinishOptions options)
    {
        var (before, after) = (Working.Table.Count, Working.Aside?.Count ?? 0);
        if (before > 0 && after == 0 && !options.AllowEmpty) return null;
        var lost = _key.Count == 0 ? Math.Max(0, before - after) : Working.Table.Keys.Count(k => Working.Aside?.ContainsKey(k) != true);
        if (after > 0 && lost > options.MaxDelete * before) return null;
        Working.Table.Clear();
        foreach (var (key, row) in Working.Aside ?? []) Working.Table[key] = row;
        Working.Aside = null;
        return lost;
    }

    private long? Delete(FinishOptions options)
    {
        var alive = Working.Table.Where(r => !r.Value.ContainsKey(NaiveRows.Deleted)).ToList();
        var unseen = alive.Where(r => !Working.Seen.Contains(r.Key)).ToList();
        if (alive.Count > 0 && Working.Seen.Count == 0 && !options.AllowEmpty) return null;
        if (Working.Seen.Count > 0 && unseen.Count > options.MaxDelete * alive.Count) return null;
        foreach (var (key, row) in unseen)
        {
            if (target.Deletions == Deletions.Mark) row[NaiveRows.Deleted] = "true";
            else Working.Table.Remove(key);
        }
        Working.Seen.Clear();
        return unseen.Count;
    }

    private string KeyOf(Dictionary<string, string?> record) =>
        _key.Count == 0 ? Guid.NewGuid().ToString() : string.Join('|', _key.Select(k => record[k]));

    private Dictionary<string, string?> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(
            p => p.Name,
            p => Canonical.OfRecord(p.Value, target.Schema.Columns.FirstOrDefault(c => string.Equals(c.Name, p.Name, StringComparison.Ordinal))?.Type),
            StringComparer.Ordinal);
    }
}
