using System.Globalization;
using Tidemark.Simulators.Communes;

namespace Tidemark.Simulators.Sirene;

/// <summary>The parameter <c>q</c>: conditions that all have to hold, joined by <c>AND</c>.</summary>
internal sealed class SiretQuery
{
    private const string Treated = "dateDernierTraitementEtablissement";

    private const string PostalCode = "codePostalEtablissement";

    private const string CommuneCode = "codeCommuneEtablissement";

    private readonly Func<int, SeatRow, bool>[] _conditions;

    private SiretQuery(string text, Func<int, SeatRow, bool>[] conditions) => (Text, _conditions) = (text, conditions);

    /// <summary>As it was asked; two of the same text keep the same.</summary>
    public string Text { get; }

    /// <exception cref="BadQueryException">It cannot be understood.</exception>
    public static SiretQuery Read(string text, SeatMaker maker) =>
        new(text, string.IsNullOrWhiteSpace(text) ? [] : [.. text.Split(" AND ").Select(condition => Condition(condition.Trim(), maker))]);

    public bool Keeps(int ordinal, SeatRow row) => Array.TrueForAll(_conditions, holds => holds(ordinal, row));

    private static Func<int, SeatRow, bool> Condition(string text, SeatMaker maker)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var value = text[(colon + 1)..];
        switch (colon < 0 ? "" : text[..colon])
        {
            case Treated:
                var (from, to) = Range(value);
                return (_, row) => row.TreatedAt >= from && row.TreatedAt <= to;
            case PostalCode:
                var postal = Code(value);
                return (ordinal, row) => maker.PostalCode(ordinal, row) is { } code && postal(code);
            case CommuneCode:
                var commune = Code(value);
                return (_, row) => commune(maker.CommuneCode(row));
            default:
                throw new BadQueryException($"Erreur de syntaxe dans le paramètre q : '{text}'; this simulator knows {Treated}:[A TO B], {PostalCode}:75* and {CommuneCode}:75*, joined by AND.");
        }
    }

    /// <summary>A whole code, or the beginning of one before an asterisk.</summary>
    private static Predicate<string> Code(string value)
    {
        var isPrefix = value.EndsWith('*');
        var wanted = isPrefix ? value[..^1] : value;
        if ((wanted.Length == 0 && !isPrefix) || !wanted.All(char.IsAsciiLetterOrDigit))
            throw new BadQueryException($"Erreur de syntaxe dans le paramètre q : '{value}'; a code such as 75001, or its beginning such as 75*, is expected.");
        return isPrefix
            ? code => code.StartsWith(wanted, StringComparison.Ordinal)
            : code => string.Equals(code, wanted, StringComparison.Ordinal);
    }

    /// <summary>Both ends belong to it; an end that names a day or a second means all of it.</summary>
    private static (long From, long To) Range(string value)
    {
        if (value is not ['[', .. var inner, ']'] || inner.Split(" TO ") is not [var from, var to])
            throw new BadQueryException($"Erreur de syntaxe dans le paramètre q : '{value}'; a range such as [2025-12-01 TO *] is expected.");
        return (Moment(from, long.MinValue, atEnd: false), Moment(to, long.MaxValue, atEnd: true));
    }

    private static long Moment(string text, long open, bool atEnd)
    {
        if (text is "*")
            return open;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, utc, out var moment))
            throw new BadQueryException($"Erreur de syntaxe dans le paramètre q : '{text}'; a date such as 2025-12-01, a time such as 2025-12-01T08:00:00 or * is expected.");

        var unit = text.Length <= 10 ? TimeSpan.FromDays(1) : text.Contains('.', StringComparison.Ordinal) ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(1);
        return (atEnd ? moment + unit - TimeSpan.FromTicks(1) : moment).ToUnixTimeMilliseconds();
    }
}
