namespace Tidemark.Slices;

/// <summary>Keeps what is known of slices. Safe for several tasks and processes at once.</summary>
public interface ISliceStore
{
    /// <summary>Replaces all that is known of a stream's slices, in one transaction.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="slices">Its slices, in order.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task ReplaceSlicesAsync(string pipeline, string stream, IReadOnlyList<SliceState> slices, CancellationToken cancellationToken);

    /// <summary>Changes one of them.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="slice">The slice as it is now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task UpdateSliceAsync(string pipeline, string stream, SliceState slice, CancellationToken cancellationToken);

    /// <summary>The statistics of all streams of a pipeline that have slices, by one query.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<SliceStatistics>> SummarizeSlicesAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The slices of a stream, in order.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyList<SliceState>> ListSlicesAsync(string pipeline, string stream, CancellationToken cancellationToken);
}
