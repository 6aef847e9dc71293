using System.Collections.Concurrent;

namespace Tidemark.MongoDb.Native;

/// <summary>The thread on which a client's blocking calls run, one after the other: nobody else's thread waits for a server.</summary>
internal sealed class CallThread : IDisposable
{
    private readonly BlockingCollection<Action> _calls = [];

    public CallThread() => new Thread(Run) { IsBackground = true, Name = "mongodb" }.Start();

    /// <summary>Runs a call. It is not given up before it has returned: the driver looks at our memory until then.</summary>
    public Task<T> RunAsync<T>(Func<T> call)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Add(() =>
        {
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread once the calls before are done.</summary>
    public void Dispose() => _calls.CompleteAdding();

    private void Run()
    {
        foreach (var call in _calls.GetConsumingEnumerable()) call();
        _calls.Dispose();
    }
}
