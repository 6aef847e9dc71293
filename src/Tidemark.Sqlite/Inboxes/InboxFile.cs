using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Tidemark.Destinations;
using Tidemark.Inboxes;
using Tidemark.Sqlite.Native;

namespace Tidemark.Sqlite.Inboxes;

/// <summary>
/// An inbox file with its one connection, owned by one task: all that waits for it is written in one transaction, so that many callers pay for one fsync. A lock file beside it keeps other
/// processes of the same pipeline out; it is free again when its holder dies, however it dies.
/// </summary>
internal sealed class InboxFile(string path, string pipeline) : IAsyncDisposable
{
    private readonly Channel<InboxWork> _waiting = Channel.CreateUnbounded<InboxWork>(new UnboundedChannelOptions { SingleReader = true });
    private Database? _database;
    private InboxTables? _tables;
    private FileStream? _lock;
    private Task _working = Task.CompletedTask;

    /// <summary>How often it was committed; each is an fsync.</summary>
    public long Commits { get; private set; }

    /// <summary>Opens it, or makes it. Called by one task at a time.</summary>
    /// <returns>False: another process has it.</returns>
    public bool TryOpen()
    {
        if (_tables is not null) return true;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _lock ??= TryLock();
            if (_lock is null) return false;
            _database ??= Database.OpenWritable(path);
            // What a large post has left is given back to the disk.
            _database.Execute("PRAGMA journal_size_limit=16777216");
            var tables = new InboxTables(_database, pipeline);
            InTransaction(() =>
            {
                tables.Prepare();
                tables.DiscardArriving();
            });
            _tables = tables;
            // Task.Run: SQLite works on the thread that calls.
            _working = Task.Run(WorkAsync, CancellationToken.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DestinationException)
        {
            throw new InboxException(isFull: false, $"the inbox can't be opened: {e.Message}", e);
        }
    }

    /// <summary>Does something, together with whatever else waits.</summary>
    public Task<T> DoAsync<T>(bool isWrite, Func<InboxTables, T> what)
    {
        var work = new InboxWork<T>(isWrite, what);
        if (!_waiting.Writer.TryWrite(work)) work.Fail(new InboxException(isFull: false, "the inbox is closed: the server is shutting down"));
        return work.Done;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _working;
        _database?.Dispose();
        _lock?.Dispose();
    }

    private async Task WorkAsync()
    {
        var works = new List<InboxWork>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            works.Clear();
            while (_waiting.Reader.TryRead(out var work)) works.Add(work);
            Write(works.FindAll(w => w.IsWrite));
            foreach (var look in works.Where(w => !w.IsWrite))
            {
                if (Try(look) is { } failed) look.Fail(failed);
                else look.Tell();
            }
        }
    }

    private void Write(List<InboxWork> works)
    {
        if (works.Count == 0) return;
        var failures = new Exception?[works.Count];
        try
        {
            InTransaction(() =>
            {
                for (var i = 0; i < works.Count; i++) failures[i] = TryApart(works[i]);
            });
            Commits++;
        }
        catch (DestinationException e)
        {
            for (var i = 0; i < works.Count; i++) failures[i] ??= Told(e);
        }
        for (var i = 0; i < works.Count; i++)
        {
            if (failures[i] is { } failed) works[i].Fail(failed);
            else works[i].Tell();
        }
    }

    // One that is to blame, such as a key that was used in the meantime, does not undo the others.
    private Exception? TryApart(InboxWork work)
    {
        _database!.Execute("SAVEPOINT work");
        var failed = Try(work);
        // A full disk has undone everything: COMMIT says so to all.
        if (failed is not null && _database.InTransaction) _database.Execute("ROLLBACK TO work");
        if (_database.InTransaction) _database.Execute("RELEASE work");
        return failed;
    }

    private Exception? Try(InboxWork work)
    {
        try
        {
            work.Do(_tables!);
            return null;
        }
        catch (DestinationException e)
        {
            return Told(e);
        }
        catch (Exception e)
        {
            // A mistake of ours is its caller's to tell; the inbox goes on.
            return e;
        }
    }

    private static InboxException Told(DestinationException e) => new(isFull: false, $"the inbox can't be used: {e.Message}", e);

    private void InTransaction(Action action)
    {
        _database!.Execute("BEGIN IMMEDIATE");
        try
        {
            action();
            _database.Execute("COMMIT");
        }
        catch
        {
            if (_database.InTransaction) _database.Execute("ROLLBACK");
            throw;
        }
    }

    private FileStream? TryLock()
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pipeline)).AsSpan(0, 4));
        try
        {
            return new FileStream($"{path}-{name}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists($"{path}-{name}.lock") && e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            return null;
        }
    }
}
