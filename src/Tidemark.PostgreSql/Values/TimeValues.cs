using System.Globalization;
using System.Text;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Scanning;

namespace Tidemark.PostgreSql.Values;

/// <summary>Points in time and days as PostgreSQL counts them, from 2000-01-01.</summary>
internal static class TimeValues
{
    /// <summary>Bytes of the longest text that <see cref="TryWriteUtc"/> writes.</summary>
    public const int LongestText = 40;

    private const int LongestTime = 64;
    private const long MicrosecondsPerDay = 86_400_000_000;
    private const int YearsPerTurn = 400;
    private const int DaysPerTurn = 146_097;
    private static readonly long FirstMicrosecond = (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly long LastMicrosecond = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    private static readonly int EpochDays = (new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Days;

    /// <summary>A point in time. A text without a zone is UTC.</summary>
    public static long Microseconds(RecordBatch batch, in Cell cell, PgColumn column) =>
        TryRead(batch, cell, out var microseconds) ? microseconds - (EpochDays * MicrosecondsPerDay) : throw PgMisfit.Of(batch, cell, column, "a point in time such as 2026-01-09T10:00:00Z");

    /// <summary>A day; a point in time is one if it is midnight in UTC.</summary>
    public static int Days(RecordBatch batch, in Cell cell, PgColumn column)
    {
        if (cell.Kind == CellKind.Date && Dates.TryParse(batch.Bytes(cell), out var days)) return days - EpochDays;
        if (TryRead(batch, cell, out var microseconds) && microseconds % MicrosecondsPerDay == 0) return (int)(microseconds / MicrosecondsPerDay) - EpochDays;
        throw PgMisfit.Of(batch, cell, column, "a day such as 2026-01-09");
    }

    /// <summary>True for timestamps of every kind that is not ours: with fewer decimals, or without a zone, which means UTC here.</summary>
    public static bool HoldsTime(PgColumn column) => column.SqlType.StartsWith("timestamp", StringComparison.Ordinal);

    /// <summary>Writes a point in time in UTC, without a zone where the column has none: PostgreSQL would cut off the zone and keep the wrong hour.</summary>
    public static bool TryWriteUtc(Span<byte> to, RecordBatch batch, in Cell cell, PgColumn column, out int written)
    {
        written = 0;
        if (!TryRead(batch, cell, out var microseconds)) return false;
        // A zone may carry a time into the year before 1 or after 9999, which .NET does not have: it is written from the same day of another turn of the calendar, which takes 400 years.
        var turns = microseconds < FirstMicrosecond ? 1 : microseconds > LastMicrosecond ? -1 : 0;
        var time = DateTime.UnixEpoch.AddTicks((microseconds + (turns * DaysPerTurn * MicrosecondsPerDay)) * TimeSpan.TicksPerMicrosecond);
        var year = time.Year - (turns * YearsPerTurn);
        (year > 0 ? year : 1 - year).TryFormat(to, out written, "0000", CultureInfo.InvariantCulture);
        time.TryFormat(to[written..], out var rest, "-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        written += rest;
        if (column.SqlType.EndsWith("with time zone", StringComparison.Ordinal)) Append(to, "+00"u8, ref written);
        if (year <= 0) Append(to, " BC"u8, ref written);
        return true;
    }

    private static void Append(Span<byte> to, ReadOnlySpan<byte> text, ref int written)
    {
        text.CopyTo(to[written..]);
        written += text.Length;
    }

    private static bool TryRead(RecordBatch batch, in Cell cell, out long microseconds)
    {
        microseconds = 0;
        if (cell.Kind is not (CellKind.Timestamp or CellKind.Date or CellKind.Text)) return false;
        var text = batch.Bytes(cell);
        if (Timestamps.TryParse(text, out microseconds)) return true;
        Span<char> characters = stackalloc char[LongestTime];
        if (!Encoding.UTF8.TryGetChars(text, characters, out var length) || !IsoTime.TryParse(characters[..length], out var seconds)) return false;
        microseconds = (long)decimal.Floor(seconds * 1_000_000);
        return true;
    }
}
