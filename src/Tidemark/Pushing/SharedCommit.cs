using Polly;
using Tidemark.Destinations;

namespace Tidemark.Pushing;

/// <summary>
/// The transactions of a shared writer, one after the other, each tried again as often as the policy says. Before an attempt is repeated its token is asked for: if it was committed,
/// only the answer was lost.
/// </summary>
/// <param name="destination">The database.</param>
/// <param name="targets">The tables.</param>
/// <param name="options">What is to be told.</param>
/// <param name="retry">The policy.</param>
internal sealed class SharedCommit(IDestination destination, IReadOnlyList<StreamTarget> targets, SharedOptions options, ResiliencePipeline retry) : IAsyncDisposable
{
    private ISharedWriter? _writer;

    /// <summary>The writer, opened when it is first needed.</summary>
    public async Task<ISharedWriter> OpenAsync(CancellationToken cancellationToken) =>
        _writer ??= await retry.ExecuteAsync(async token => await destination.OpenSharedAsync(targets, options, token), cancellationToken);

    /// <summary>Does some work in a transaction and commits it.</summary>
    /// <param name="prepare">What is about to be written, for tables to be made ready for; null: that is left to the transaction.</param>
    /// <param name="look">What to look for.</param>
    /// <param name="work">The work, from the beginning each time; it answers what is to be kept as well.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What the work that is on disk now has answered.</returns>
    public async Task<T> RunAsync<T>(
        IReadOnlyList<TableRecords>? prepare, SharedLook look, Func<ISharedTransaction, CancellationToken, Task<(T, IReadOnlyList<StoredAnswer>)>> work, CancellationToken cancellationToken)
    {
        var writer = await OpenAsync(cancellationToken);
        (string Token, T Result)? attempted = null;
        return await retry.ExecuteAsync(async token =>
        {
            if (attempted is { } before && await writer.WasCommittedAsync(before.Token, token)) return before.Result;
            attempted = null;
            if (prepare is not null) await writer.PrepareAsync(prepare, token);
            await using var transaction = await writer.BeginAsync(look, token);
            var (result, answers) = await work(transaction, token);
            attempted = (transaction.Token, result);
            await transaction.CommitAsync(answers, token);
            return result;
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null) await _writer.DisposeAsync();
    }
}
