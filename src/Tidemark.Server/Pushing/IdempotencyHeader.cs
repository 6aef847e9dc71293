using Tidemark.Server.Answers;

namespace Tidemark.Server.Pushing;

/// <summary>The header Idempotency-Key: bare, as some clients send it, or quoted, as the draft has it.</summary>
internal static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";

    private const int Longest = 255;

    /// <summary>The key; null: there is none.</summary>
    /// <exception cref="ProblemException">It can't be one.</exception>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Name, out var values)) return null;
        if (values.Count > 1) throw Bad("several times");
        var key = values.ToString().Trim();
        if (key is ['"', .. var quoted, '"']) key = quoted.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        return key.Length is > 0 and <= Longest && key.All(c => c is >= ' ' and <= '~') ? key : throw Bad($"with {key.Length} characters");
    }

    private static ProblemException Bad(string found) =>
        new(StatusCodes.Status400BadRequest, "bad_idempotency_key", $"found {Name} {found}, expected one with 1 to {Longest} printable ASCII characters, bare or in double quotes");
}
