using Tidemark.Destinations;
using Tidemark.PostgreSql.Native;

namespace Tidemark.PostgreSql.Store;

/// <summary>
/// The connection of a store: one task at a time, opened when it is needed and again when it was lost. What it is used for must bear to be done twice, as the answer to a commit may be lost.
/// </summary>
internal sealed class PgStoreConnection(PgServer server, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private readonly SemaphoreSlim _turn = new(1, 1);
    private Session? _session;

    /// <summary>Where the store is, for people.</summary>
    public string Server => server.Name;

    /// <summary>Does some work when it is this task's turn; an error that may pass is met with some more attempts.</summary>
    public async Task<T> UseAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    return await work(_session ??= await server.ConnectAsync(cancellationToken));
                }
                catch (DestinationException e) when (e.Fault == DestinationFault.Temporary && attempt < Waits.Length)
                {
                    await CloseAsync();
                    await Task.Delay(Waits[attempt], time, cancellationToken);
                }
                catch (PgError e) when (e.State == PgError.NoRight)
                {
                    await CloseAsync();
                    throw PgStoreRights.Refused(e);
                }
                catch
                {
                    await CloseAsync();
                    throw;
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Does some work in one transaction.</summary>
    public Task<T> InTransactionAsync<T>(Func<Session, Task<T>> work, CancellationToken cancellationToken) => UseAsync(async session =>
    {
        session.Begin();
        var result = await work(session);
        await session.CommitAsync(cancellationToken);
        return result;
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await server.DisposeAsync();
        _turn.Dispose();
    }

    // After an error the next work begins with a new connection: nothing of an open transaction is left over.
    private async Task CloseAsync()
    {
        if (_session is { } session) await session.DisposeAsync();
        _session = null;
    }
}
