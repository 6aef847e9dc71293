using Tidemark.Destinations;

namespace Tidemark.Tests.Support;

/// <summary>Where a call to the fake destination can fail.</summary>
internal enum Step
{
    Begin,
    Write,
    CommitLost,
    CommitAnswerLost,
    Renew,
    ReadBatchNumber,
}

/// <summary>Which calls fail, and how: the first call of a step takes the first fault planned for it.</summary>
internal sealed class Faults
{
    private readonly Dictionary<Step, Queue<DestinationFault?>> _planned = [];

    /// <summary>True if the database can't be reached where it fails.</summary>
    public bool Unreachable { get; set; }

    /// <summary>How often each step was reached.</summary>
    public Dictionary<Step, int> Calls { get; } = Enum.GetValues<Step>().ToDictionary(s => s, _ => 0);

    public void Plan(Step step, params DestinationFault?[] faults)
    {
        if (!_planned.TryGetValue(step, out var queue)) _planned[step] = queue = new Queue<DestinationFault?>();
        foreach (var fault in faults) queue.Enqueue(fault);
    }

    public void Temporary(Step step, int times = 1) => Plan(step, [.. Enumerable.Repeat<DestinationFault?>(DestinationFault.Temporary, times)]);

    public void At(Step step)
    {
        Calls[step]++;
        if (_planned.TryGetValue(step, out var queue) && queue.TryDequeue(out var fault) && fault is { } kind)
            throw new DestinationException(kind, $"{step} failed") { IsUnreachable = Unreachable };
    }
}
