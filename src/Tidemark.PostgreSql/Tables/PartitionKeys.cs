using System.Globalization;
using System.Text;
using Tidemark.Destinations;
using Tidemark.Records;

namespace Tidemark.PostgreSql.Tables;

/// <summary>
/// Which partitions the records of a call need: by the text of their value, or by the first day of the interval that their time (UTC) is in. What is known to be there is told apart
/// without making a string for each record. A text that is no time needs none: the database refuses its row in its own words.
/// </summary>
/// <param name="partitioning">How the table is partitioned.</param>
internal sealed class PartitionKeys(TablePartitioning partitioning)
{
    private const int LongestOnStack = 256;
    private const long MicrosecondsPerDay = 86_400_000_000;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _nullIsKnown;

    /// <summary>Notes that there is a partition for a key; null: for no value.</summary>
    public void Add(string? key)
    {
        if (key is null) _nullIsKnown = true;
        else _known.Add(key);
    }

    /// <summary>Forgets all that is known.</summary>
    public void Clear()
    {
        _known.Clear();
        _nullIsKnown = false;
    }

    /// <summary>The keys of some records that are not known, each once; null: a record without a value.</summary>
    public List<string?> UnknownOf(RecordBatch batch, int start, int count)
    {
        var unknown = new HashSet<string?>(StringComparer.Ordinal);
        var values = batch.Columns.FirstOrDefault(c => string.Equals(c.Field, partitioning.Column, StringComparison.Ordinal));
        var seen = _known.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> text = stackalloc char[LongestOnStack];
        for (var row = start; row < start + count; row++)
        {
            var cell = values?[row] ?? default;
            if (cell.Kind is CellKind.Absent or CellKind.Null)
            {
                if (!_nullIsKnown) unknown.Add(null);
            }
            else if (TryWrite(batch, cell, text, out var length))
            {
                if (!seen.Contains(text[..length])) unknown.Add(text[..length].ToString());
            }
            else if (partitioning.Kind == PartitionKind.List && Encoding.UTF8.GetString(batch.Bytes(cell)) is var key && !_known.Contains(key))
            {
                unknown.Add(key);
            }
        }
        return [.. unknown];
    }

    /// <summary>Where the interval that starts with a day ends; null after the last day that a calendar of four digits has.</summary>
    public string? EndOf(string firstDay)
    {
        var day = DateOnly.ParseExact(firstDay, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var isLast = day.Year == DateOnly.MaxValue.Year
            && (partitioning.Interval == PartitionInterval.Year || (day.Month == 12 && (partitioning.Interval == PartitionInterval.Month || day.Day == 31)));
        if (isLast) return null;
        var end = partitioning.Interval switch
        {
            PartitionInterval.Day => day.AddDays(1),
            PartitionInterval.Month => day.AddMonths(1),
            _ => day.AddYears(1),
        };
        return end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    // False if it is no time, or too long.
    private bool TryWrite(RecordBatch batch, in Cell cell, Span<char> text, out int length)
    {
        length = 0;
        if (partitioning.Kind == PartitionKind.Range)
        {
            return cell.Kind is CellKind.Timestamp or CellKind.Date or CellKind.Text && TryDay(batch.Bytes(cell), out var day)
                && FirstDay(day).TryFormat(text, out length, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        switch (cell.Kind)
        {
            case CellKind.Boolean:
                (cell.Integer == 1 ? "true" : "false").CopyTo(text);
                length = cell.Integer == 1 ? 4 : 5;
                return true;
            case CellKind.Integer:
                return cell.Integer.TryFormat(text, out length, default, CultureInfo.InvariantCulture);
            case CellKind.Double:
                return cell.Double.TryFormat(text, out length, "R", CultureInfo.InvariantCulture);
            default:
                return Encoding.UTF8.TryGetChars(batch.Bytes(cell), text, out length);
        }
    }

    private DateOnly FirstDay(DateOnly day) => partitioning.Interval switch
    {
        PartitionInterval.Day => day,
        PartitionInterval.Month => new DateOnly(day.Year, day.Month, 1),
        _ => new DateOnly(day.Year, 1, 1),
    };

    private static bool TryDay(ReadOnlySpan<byte> text, out DateOnly day)
    {
        day = default;
        int days;
        if (Timestamps.TryParse(text, out var microseconds)) days = (int)Math.Floor((decimal)microseconds / MicrosecondsPerDay);
        // A column without zones takes the day as it stands.
        else if (text.Length < 10 || !Dates.TryParse(text[..10], out days)) return false;
        var number = Epoch + days;
        if (number < DateOnly.MinValue.DayNumber || number > DateOnly.MaxValue.DayNumber) return false;
        day = DateOnly.FromDayNumber(number);
        return true;
    }
}
