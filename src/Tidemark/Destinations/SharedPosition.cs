namespace Tidemark.Destinations;

/// <summary>How far a stream's inbox is delivered. It moves in the transaction that writes what it passes, and only from where it stands: that keeps out a second deliverer.</summary>
/// <param name="PipelineName">The pipeline.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Expected">Where it stands; 0: nothing was delivered yet.</param>
/// <param name="Next">Where it stands when the transaction is committed.</param>
public sealed record SharedPosition(string PipelineName, string Stream, long Expected, long Next)
{
    /// <summary>The slice under which its checkpoint is kept.</summary>
    public const string Slice = "inbox";

    /// <summary>The error of a position that is not where it was expected.</summary>
    /// <param name="position">The position.</param>
    public static DestinationException Lost(SharedPosition position) =>
        new(DestinationFault.LeaseLost, $"the inbox of '{position.Stream}' is not at {position.Expected} any more: somebody else delivers it, and nothing was written");
}
