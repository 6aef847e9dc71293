using System.Globalization;
using System.Text.Json;

namespace Tidemark.MongoGateway.Faults;

/// <summary>What a test tells the gateway by lines of its standard input: faults to come, and how many commands there were, and how long they took.</summary>
internal sealed class FaultPlan
{
    public const string Help =
        """
        counts                   how often each command came, as JSON
        times                    how many milliseconds DocumentDB took for them, as JSON
        reset                    they are counted from 0 again
        items COMMAND COUNT CODE the last COUNT items of the next COMMAND are not carried out and answered by CODE
        error COMMAND CODE       the next COMMAND is not carried out and answered by CODE
        unread COMMAND           the connection is cut before the next COMMAND is carried out
        unanswered COMMAND       the connection is cut when the next COMMAND has been carried out
        hold COMMAND             the next COMMAND is carried out, its answer waits for 'release'
        release                  what is held is answered
        """;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Queue<Fault>> _faults = new(StringComparer.Ordinal);
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Counts a command that has come.</summary>
    /// <returns>What is to happen to it.</returns>
    public Fault? Meet(string command)
    {
        lock (_lock)
        {
            _counts[command] = _counts.GetValueOrDefault(command) + 1;
            return _faults.TryGetValue(command, out var faults) && faults.TryDequeue(out var fault) ? fault : null;
        }
    }

    /// <summary>Counts the time that a command took.</summary>
    public void Took(string command, TimeSpan time)
    {
        lock (_lock) _times[command] = _times.GetValueOrDefault(command) + time.TotalMilliseconds;
    }

    /// <summary>Does what a line says.</summary>
    /// <returns>One line: <c>ok</c>, counts or times as JSON, or what is wrong.</returns>
    public string Tell(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        lock (_lock)
        {
            switch (words)
            {
                case ["counts"]: return JsonSerializer.Serialize(_counts);
                case ["times"]: return JsonSerializer.Serialize(_times);
                case ["reset"]:
                    _counts.Clear();
                    _times.Clear();
                    return "ok";
                case ["items", var command, var count, var code]: return Plan(command, new Fault.Items(Number(count), Number(code)));
                case ["error", var command, var code]: return Plan(command, new Fault.Error(Number(code)));
                case ["unread", var command]: return Plan(command, new Fault.Unread());
                case ["unanswered", var command]: return Plan(command, new Fault.Unanswered());
                case ["hold", var command]: return Plan(command, new Fault.Hold(_released.Task));
                case ["release"]:
                    _released.SetResult();
                    _released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    return "ok";
                default: return $"not understood: '{line}'";
            }
        }
    }

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private string Plan(string command, Fault fault)
    {
        if (!_faults.TryGetValue(command, out var faults)) _faults[command] = faults = new Queue<Fault>();
        faults.Enqueue(fault);
        return "ok";
    }
}
