namespace Tidemark.Cli.Monitoring;

/// <summary>A number over many looks.</summary>
internal sealed class SeenNumber
{
    public long? First { get; private set; }

    public long? Peak { get; private set; }

    public long? Last { get; private set; }

    /// <summary>How much it grew from first to last, as a share; null: it was not seen, or began at 0.</summary>
    public double? Growth => First is > 0 and var first && Last is { } last ? (double)(last - first) / first : null;

    /// <summary>Takes a look at it; null: it is not known now.</summary>
    public void Take(long? value)
    {
        if (value is null) return;
        First ??= value;
        Peak = Peak > value ? Peak : value;
        Last = value;
    }
}
