namespace Tidemark.Sqlite.Inboxes;

/// <summary>Something that is to be done with an inbox file, and whoever waits for it.</summary>
/// <param name="isWrite">True if it shares a transaction with whatever else waits.</param>
internal abstract class InboxWork(bool isWrite)
{
    public bool IsWrite => isWrite;

    /// <summary>Does it; its result is not told before the transaction is on disk.</summary>
    public abstract void Do(InboxTables tables);

    /// <summary>Tells the result of the last <see cref="Do"/>.</summary>
    public abstract void Tell();

    public abstract void Fail(Exception e);
}

/// <summary>Work with a result.</summary>
/// <param name="isWrite">True if it changes the file.</param>
/// <param name="work">The work.</param>
internal sealed class InboxWork<T>(bool isWrite, Func<InboxTables, T> work) : InboxWork(isWrite)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void Do(InboxTables tables) => _result = work(tables);

    public override void Tell() => _done.TrySetResult(_result!);

    public override void Fail(Exception e) => _done.TrySetException(e);
}
