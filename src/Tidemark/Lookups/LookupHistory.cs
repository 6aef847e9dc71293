namespace Tidemark.Lookups;

/// <summary>A table with a row for each request that was answered.</summary>
public sealed record LookupHistory
{
    /// <summary>The table.</summary>
    public string Table { get; init; } = "search_history";

    /// <summary>What the rows say in <c>search_type</c>; default: the lookup's name.</summary>
    public string? Type { get; init; }

    /// <summary>Where <c>user_id</c> comes from; null (default): nowhere.</summary>
    public HistoryField? UserId { get; init; }

    /// <summary>Where <c>source</c> comes from; null (default): nowhere.</summary>
    public HistoryField? Source { get; init; }

    /// <summary>The column whose list is counted as <c>results_count</c>; null (default): 1 where there is an answer, else 0.</summary>
    public string? Results { get; init; }

    /// <summary>The parameters that it takes: they lead to no other answer.</summary>
    public IReadOnlyCollection<string> Params => [.. new[] { UserId?.Param, Source?.Param }.OfType<string>()];
}
