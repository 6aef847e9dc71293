namespace Tidemark.Planning;

/// <summary>A page on its way to the destination.</summary>
/// <param name="records">How many records of it are taken.</param>
/// <param name="questions">How many questions are asked about them.</param>
internal sealed class SimulatedPage(long records, long questions)
{
    public long Records => records;

    /// <summary>Questions still to be asked.</summary>
    public long ToAsk { get; set; } = questions;

    /// <summary>Slots that work on it.</summary>
    public long Asked { get; set; }
}
