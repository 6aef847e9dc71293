namespace Tidemark.Inboxes;

/// <summary>A post that an inbox has taken, or that it had and has delivered.</summary>
public sealed record InboxBatch
{
    /// <summary>Its id, which its caller was told.</summary>
    public required string Id { get; init; }

    /// <summary>Which queue it is in: posts of one stream are delivered one after the other.</summary>
    public required string Stream { get; init; }

    /// <summary>The path that it was posted to: whoever may post there may ask for it.</summary>
    public required string Path { get; init; }

    /// <summary>What the caller's key is unique in; null: it came without one.</summary>
    public string? Scope { get; init; }

    /// <summary>The caller's key; null: it came without one.</summary>
    public string? Key { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>How many records it has.</summary>
    public required long Records { get; init; }

    /// <summary>When its last part was delivered, or refused; null: it waits.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why the rest of it was refused, as the destination's side said it; null: it was not.</summary>
    public string? Problem { get; init; }
}
