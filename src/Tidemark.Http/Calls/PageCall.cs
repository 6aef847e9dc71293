using Tidemark.Http.Wire;

namespace Tidemark.Http.Calls;

/// <summary>A call for a page, as a stream wants it.</summary>
internal sealed record PageCall
{
    /// <summary>For whom.</summary>
    public required CallOwner Owner { get; init; }

    /// <summary>Makes the call, with a page size where that was lowered.</summary>
    public required Func<int?, OutgoingCall> Build { get; init; }

    /// <summary>What is known of its cost.</summary>
    public required CostFit Fit { get; init; }

    /// <summary>Reads the body.</summary>
    public required IAnswerReader Reader { get; init; }

    /// <summary>True if it begins at a position of an earlier reading.</summary>
    public bool Resumed { get; init; }
}
