namespace Tidemark.Destinations;

/// <summary>
/// Writes one or more tables without a lease: many of these, in this process and in others, may write the same tables at once. What posts, <c>save</c> and a program's own
/// batches go through. Used by one task: one call, and one transaction, at a time.
/// </summary>
/// <remarks>
/// <para>A write is made of phases, so that its round trips are few whatever the number of records, tables, references and keys:</para>
/// <para>1. <see cref="PrepareAsync"/>: tables get what the batches need. Nothing is sent while they have it already.</para>
/// <para>2. <see cref="BeginAsync"/>: begins, and looks: keys, references, position. One round trip.</para>
/// <para>3. <see cref="ISharedTransaction.WriteAsync"/>: all tables. One round trip, or two.</para>
/// <para>4. <see cref="ISharedTransaction.CommitAsync"/>: answers, commit. One round trip.</para>
/// <para>
/// A destination without transactions may keep rows of a transaction that was not committed: it takes merges only, whose repeats are harmless, and its answers are kept
/// after the rows.
/// </para>
/// </remarks>
public interface ISharedWriter : IAsyncDisposable
{
    /// <summary>The fields that had a column in the table of a target when the writer was opened.</summary>
    /// <param name="target">Which of the targets, from 0.</param>
    IReadOnlyCollection<string> FieldsOf(int target);

    /// <summary>The changes of tables that were committed through this writer, in order.</summary>
    IReadOnlyList<SchemaChange> SchemaChanges { get; }

    /// <summary>
    /// Makes tables hold what is about to be written, as far as their contracts allow, in a transaction of its own. It refuses no record: that is left to
    /// <see cref="ISharedTransaction.WriteAsync"/>.
    /// </summary>
    /// <param name="records">What is about to be written.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The database can't be reached, or does not let us.</exception>
    Task PrepareAsync(IReadOnlyList<TableRecords> records, CancellationToken cancellationToken);

    /// <summary>Begins a transaction and looks.</summary>
    /// <param name="look">What to look for.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">
    /// <see cref="DestinationFault.LeaseLost"/>: the position is not where it was expected, somebody else delivers; <see cref="DestinationFault.Fatal"/>: a table or column of a
    /// reference is not there.
    /// </exception>
    Task<ISharedTransaction> BeginAsync(SharedLook look, CancellationToken cancellationToken);

    /// <summary>
    /// Tells, over a new connection if need be, whether a transaction is committed whose <see cref="ISharedTransaction.CommitAsync"/> has failed; waits while it is being decided.
    /// </summary>
    /// <param name="token">The transaction's <see cref="ISharedTransaction.Token"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<bool> WasCommittedAsync(string token, CancellationToken cancellationToken);

    /// <summary>How far a stream's inbox is delivered; 0: nothing was.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<long> ReadPositionAsync(string pipeline, string stream, CancellationToken cancellationToken);

    /// <summary>Deletes answers whose time is over, some thousands at most.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many.</returns>
    Task<long> PurgeAnswersAsync(CancellationToken cancellationToken);
}
