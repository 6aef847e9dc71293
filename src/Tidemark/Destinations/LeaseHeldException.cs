namespace Tidemark.Destinations;

/// <summary>Somebody else is writing the stream.</summary>
/// <param name="holder">Who: machine, process, since when.</param>
/// <param name="expiresAt">When the lease ends if it is not renewed.</param>
public sealed class LeaseHeldException(string holder, DateTimeOffset expiresAt)
    : DestinationException(DestinationFault.Fatal, $"the stream is being written by {holder}")
{
    /// <summary>Who holds it.</summary>
    public string Holder { get; } = holder;

    /// <summary>When the lease ends if it is not renewed.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}
