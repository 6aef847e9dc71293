using System.Globalization;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Communes;

/// <summary>Reads the parameters that all routes share.</summary>
internal static class CommuneQuery
{
    public static readonly SortOrder ByCode = new("code", -1, false);

    private const int UsualSize = 100;

    private const int MostSize = 1000;

    private static readonly SortOrder[] Orders =
    [
        ByCode,
        new("updated_at.asc", CommuneData.UpdatedAt, false),
        new("updated_at.desc", CommuneData.UpdatedAt, true),
    ];

    /// <exception cref="BadQueryException">A parameter is malformed.</exception>
    public static RecordView View(RecordTable table, IQueryCollection query)
    {
        var sort = query["sort"].ToString();
        var order = sort.Length == 0 ? ByCode : Array.Find(Orders, one => string.Equals(one.Name, sort, StringComparison.Ordinal))
            ?? throw new BadQueryException($"sort is '{sort}'; code, updated_at.asc or updated_at.desc is expected.");

        var filters = new List<KeyFilter>();
        if (query["departement"].ToString() is { Length: > 0 } departement)
            filters.Add(new KeyFilter(CommuneData.Departement, FilterOperation.Equal, departement));
        if (query["updated_since"].ToString() is { Length: > 0 } since)
        {
            if (!Stamps.TryBound(since, out var bound))
                throw new BadQueryException($"updated_since is '{since}'; a time such as 2026-01-31T08:00:00Z is expected.");
            filters.Add(new KeyFilter(CommuneData.UpdatedAt, FilterOperation.AtLeast, bound));
        }

        return table.View(order, [.. filters]);
    }

    /// <summary>The page size asked for, capped without a word, as many APIs do.</summary>
    public static int Size(IQueryCollection query, string name) => (int)Math.Min(Number(query, name, UsualSize, 1), MostSize);

    public static long Number(IQueryCollection query, string name, long missing, long least)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return missing;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new BadQueryException($"{name} is '{text}'; a whole number of at least {least} is expected.");
    }

    /// <summary>Where a page begins; an absent cursor, or the given word for the start, is the beginning.</summary>
    public static int Start(RecordView view, string cursor, string beginning)
    {
        if (cursor.Length == 0 || string.Equals(cursor, beginning, StringComparison.Ordinal))
            return 0;
        return KeysetCursor.TryDecode(cursor, out var read) && string.Equals(read.Sort, view.Order.Name, StringComparison.Ordinal)
            ? view.IndexAfter(read)
            : throw new BadQueryException($"The cursor '{cursor}' does not belong to the order {view.Order.Name}.");
    }
}
