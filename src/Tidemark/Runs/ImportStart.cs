namespace Tidemark.Runs;

/// <summary>What an import has learned from the first answer of its source, before anything of it was committed.</summary>
internal sealed record ImportStart
{
    /// <summary>The source's clock at that answer, or, where it does not tell, ours when it was asked: whatever is older has been there for all slices.</summary>
    public required DateTimeOffset AnsweredAt { get; init; }
}
