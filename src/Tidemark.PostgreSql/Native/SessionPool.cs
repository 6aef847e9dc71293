using Tidemark.Destinations;

namespace Tidemark.PostgreSql.Native;

/// <summary>
/// Connections that stay open between short uses, for those who have somebody waiting: to connect is a process of the server, a log-in and several round trips, ten times what a row by its key takes.
/// Safe for several tasks at once; each has a connection to itself.
/// </summary>
/// <param name="server">The way to the database; it stays its owner's to dispose.</param>
/// <param name="kept">How many stay open while nobody uses them; there are as many as are used at once.</param>
internal sealed class SessionPool(PgServer server, int kept) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Session> _idle = new();
    private bool _isClosed;

    /// <summary>Does some work outside of a transaction. Where the connection turns out to be lost, and the server is there, it is done once more: it must bear that.</summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Ends connecting; the work sees to itself.</param>
    public async Task<T> UseAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var isRepeat = false; ; isRepeat = true)
        {
            // What lost one connection has most likely lost all: the second attempt has a new one.
            var session = (isRepeat ? null : Take()) ?? await server.ConnectAsync(cancellationToken);
            try
            {
                var result = await work(session);
                await GiveBackAsync(session);
                return result;
            }
            catch (PgError) when (session.IsOpen)
            {
                // The server has refused a statement: the connection is as good as before.
                await GiveBackAsync(session);
                throw;
            }
            catch (PgError e) when (!isRepeat && e.Fault == DestinationFault.Temporary)
            {
                await session.DisposeAsync();
                await CloseIdleAsync();
            }
            catch
            {
                await session.DisposeAsync();
                throw;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock) _isClosed = true;
        return CloseIdleAsync();
    }

    private Session? Take()
    {
        lock (_lock) return _idle.TryPop(out var session) ? session : null;
    }

    private async ValueTask GiveBackAsync(Session session)
    {
        lock (_lock)
        {
            if (!_isClosed && _idle.Count < kept && session.IsOpen)
            {
                _idle.Push(session);
                return;
            }
        }
        await session.DisposeAsync();
    }

    private async ValueTask CloseIdleAsync()
    {
        while (Take() is { } session) await session.DisposeAsync();
    }
}
