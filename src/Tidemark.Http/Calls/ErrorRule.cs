using Tidemark.Http.Calls;

namespace Tidemark.Http;

/// <summary>A rule of an error handler: it matches when all of its conditions do. The first rule that matches an answer decides; where none does, 408, 429, 5xx and broken bodies are retried and other 4xx fail.</summary>
public sealed record ErrorRule
{
    private readonly ErrorCondition? _when;

    /// <summary>The status codes that it is for; empty (default): all.</summary>
    public IReadOnlyList<int> Status { get; init; } = [];

    /// <summary>What the body holds: a path, <c>==</c> or <c>!=</c>, and a quoted text, a number, true, false or null; null (default): anything.</summary>
    /// <exception cref="FormatException">It is no condition.</exception>
    public string? When
    {
        get => _when?.ToString();
        init => _when = value is null ? null : ErrorCondition.Parse(value);
    }

    /// <summary>What becomes of the answer.</summary>
    public required ErrorAction Action { get; init; }

    internal bool Matches(int status, ReadOnlySpan<byte> body) =>
        (Status.Count == 0 || Status.Contains(status)) && (_when is null || _when.Holds(body));

    internal (string? Key, string Message)? Problem() =>
        Status.Count == 0 && When is null ? (null, "a rule needs 'status', 'when' or both") : null;
}
