namespace Tidemark.Destinations;

/// <summary>What an error of a destination means for the engine.</summary>
public enum DestinationFault
{
    /// <summary>It may pass: tried again. Connection lost, locked, deadlock, time-out.</summary>
    Temporary,

    /// <summary>A record is to blame: the batch is halved until it stands alone.</summary>
    Record,

    /// <summary>A guard stopped it; nothing was changed.</summary>
    Guard,

    /// <summary>Somebody else has taken over the stream.</summary>
    LeaseLost,

    /// <summary>All else: disk full, no rights, a view where a table is expected. The stream ends, no record is marked failed.</summary>
    Fatal,
}
