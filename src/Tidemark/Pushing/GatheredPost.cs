namespace Tidemark.Pushing;

/// <summary>One post of a gathered write, as it was found before anything was asked of the database.</summary>
internal sealed class GatheredPost(WaitingPost waiting)
{
    public WaitingPost Waiting => waiting;

    /// <summary>Set if the request itself is at fault: nothing of it is written.</summary>
    public string? Problem { get; set; }

    /// <summary>Records that can't be written, whatever the database says.</summary>
    public List<RejectedRecord> Rejected { get; } = [];

    /// <summary>What the request as a whole refers to: the rule, and the number of the tuple.</summary>
    public List<(int Rule, int Tuple, string Message)> References { get; } = [];

    /// <summary>The answer that tells of nothing written.</summary>
    public PostAnswer Without(PostStatus status, string? problem = null) => new(status) { Received = waiting.Post.Count, Problem = problem };
}
