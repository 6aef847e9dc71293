namespace Tidemark.Http.Tests.Support;

/// <summary>What a page held.</summary>
internal sealed record PageCopy(IReadOnlyList<string> Records, string? Position, string? NextPosition, bool CutShort, DateTimeOffset? ServerTime);
