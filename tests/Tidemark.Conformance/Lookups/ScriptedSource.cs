using System.Runtime.CompilerServices;
using System.Text;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Telemetry;

namespace Tidemark.Conformance.Lookups;

/// <summary>A metered API: it answers as it is told, and counts.</summary>
internal sealed class ScriptedSource
{
    private int _calls;

    /// <summary>How often it was called, whatever became of it.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>What each call asked for, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Waited for before an answer is given.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Set when somebody calls.</summary>
    public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The records of an answer, as JSON, for the value of the parameter id; it may throw.</summary>
    public Func<string, IEnumerable<string>> Answer { get; set; } = id => id.Split(',').Select(i => $$"""{"id":"{{i}}","rank":{{i.Length}}}""");

    private async IAsyncEnumerable<Page> ReadAsync(ReadRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var id = request.Values.Request!["id"].Text;
        lock (Asked) Asked.Add(id);
        Called.TrySetResult();
        await Hold.WaitAsync(cancellationToken);
        request.Counters.Add(Counter.Requests);
        request.Counters.Add(Counter.Cost, id.Split(',').Length);
        var buffer = new PooledBuffer();
        var records = new List<RecordSlice>();
        foreach (var record in Answer(id))
        {
            var bytes = Encoding.UTF8.GetBytes(record);
            records.Add(new RecordSlice(buffer.Length, bytes.Length));
            buffer.Write(bytes);
        }
        yield return new Page(buffer, records);
    }

    /// <summary>The source as a pipeline opens it.</summary>
    public ISource Open() => new Live(this);

    private sealed class Live(ScriptedSource script) : ISource
    {
        public IAsyncEnumerable<Page> ReadAsync(ReadRequest request, CancellationToken cancellationToken) => script.ReadAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
