using Tidemark.Quotas;
using Tidemark.Records;

namespace Tidemark.Sources;

/// <summary>
/// A place that records come from. The engine opens one for each source of a pipeline; several streams may read it at the same time.
/// </summary>
/// <remarks>
/// <para>The engine asks for a page only when it has decided on the one before: a source must not call ahead, so that an early stop costs no call.</para>
/// <para>The engine disposes each page. It stops reading by disposing the enumerator.</para>
/// <para>Errors: a source retries by itself what may pass. <see cref="SourceException"/> ends the stream (exit 3), other streams go on;
/// <see cref="ParkedException"/> ends it parked (exit 5). Anything else is a defect.</para>
/// <para>Not guaranteed: that pages of changing data fit together. See docs/guarantees.md.</para>
/// </remarks>
public interface ISource : IAsyncDisposable
{
    /// <summary>Yields the pages of a stream, at least one.</summary>
    /// <param name="request">What to read.</param>
    /// <param name="cancellationToken">Ends a call or a wait at once.</param>
    IAsyncEnumerable<Page> ReadAsync(ReadRequest request, CancellationToken cancellationToken);
}
