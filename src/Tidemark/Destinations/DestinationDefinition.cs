namespace Tidemark.Destinations;

/// <summary>A database, as the user described it. A connector derives its own; it must be immutable.</summary>
public abstract record DestinationDefinition
{
    /// <summary>True if its tables can be partitioned.</summary>
    public virtual bool HasPartitions => false;

    /// <summary>Makes the live destination. It does no I/O before it is used.</summary>
    /// <param name="services">What it may use.</param>
    public abstract IDestination Open(DestinationServices services);
}
