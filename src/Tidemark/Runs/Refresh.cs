namespace Tidemark.Runs;

/// <summary>What a run reads.</summary>
public enum Refresh
{
    /// <summary>What is new since the last complete scan.</summary>
    Incremental,

    /// <summary>Everything, every time.</summary>
    Full,

    /// <summary>Everything, once: skipped when a scan has been complete, or when the table had rows before us.</summary>
    Once,
}
