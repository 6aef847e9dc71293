using System.Globalization;

namespace Tidemark.Simulators.Faults;

/// <summary>Reads a fault from the query string of <c>POST /_sim/fault</c>.</summary>
internal static class FaultReader
{
    private static readonly string[] Parameters = ["kind", "count", "after", "retry_after", "status", "delay", "to"];

    /// <exception cref="FormatException">Something is missing, unknown or malformed; the message says what is expected.</exception>
    public static PlannedFault Read(IQueryCollection query, bool graphQl, bool cursorsExpire)
    {
        foreach (var key in query.Keys)
        {
            if (!Parameters.Contains(key, StringComparer.Ordinal))
                throw new FormatException($"Unknown parameter '{key}'; {string.Join(", ", Parameters)} are expected.");
        }

        var name = query["kind"].ToString();
        var kind = Kind(name);
        if (kind == FaultKind.GraphQl && !graphQl)
            throw new FormatException("This API does not answer GraphQL errors; only crm does.");
        if (kind == FaultKind.ExpireCursor && !cursorsExpire)
            throw new FormatException("The cursors of this API do not expire; only those of sirene do.");

        var fault = new PlannedFault
        {
            Kind = kind,
            Count = Number(query, "count", 1, 1),
            After = Number(query, "after", 0, 0),
            Status = query.ContainsKey("status") ? Status(query["status"].ToString()) : kind == FaultKind.Status ? Status(name) : null,
            RetryAfter = query.ContainsKey("retry_after") ? query["retry_after"].ToString() : null,
            To = query.ContainsKey("to") ? query["to"].ToString() : null,
        };
        if (kind == FaultKind.Redirect && string.IsNullOrEmpty(fault.To))
            throw new FormatException("A redirect without its target; to=URL is expected.");
        return query.ContainsKey("delay") ? fault with { Delay = Duration(query["delay"].ToString()) } : fault;
    }

    private static FaultKind Kind(string name) => name switch
    {
        "truncate" => FaultKind.Truncate,
        "slow" => FaultKind.Slow,
        "html" => FaultKind.Html,
        "cut" => FaultKind.Cut,
        "graphql" => FaultKind.GraphQl,
        "redirect" => FaultKind.Redirect,
        "garbage" => FaultKind.Garbage,
        "empty" => FaultKind.Empty,
        "null_cursor" => FaultKind.NullCursor,
        "repeat" => FaultKind.Repeat,
        "mutate" => FaultKind.Mutate,
        "grow" => FaultKind.Grow,
        "expire_cursor" => FaultKind.ExpireCursor,
        _ when name.Length == 3 && name.All(char.IsAsciiDigit) => FaultKind.Status,
        _ => throw new FormatException(
            $"kind is '{name}'; a status number, truncate, slow, html, cut, graphql, redirect, garbage, empty, null_cursor, repeat, mutate, grow or expire_cursor is expected."),
    };

    private static int Number(IQueryCollection query, string key, int missing, int least)
    {
        if (!query.ContainsKey(key))
            return missing;
        return int.TryParse(query[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{key} is '{query[key]}'; a whole number of at least {least} is expected.");
    }

    private static int Status(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599
            ? status
            : throw new FormatException($"The status is '{text}'; 200 to 599 is expected.");

    private static TimeSpan Duration(string text)
    {
        var (digits, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001)
            : text.EndsWith('s') ? (text[..^1], 1.0)
            : (text, 1.0);
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 3600
            ? TimeSpan.FromSeconds(value * unit)
            : throw new FormatException($"delay is '{text}'; seconds such as 2, 0.5, 2s or 500ms are expected.");
    }
}
