using Tidemark.Checkpoints;

namespace Tidemark.Destinations;

/// <summary>
/// A database that records are written to. The engine opens one for each destination of a pipeline and uses it from several streams at once.
/// </summary>
/// <remarks>All errors are <see cref="DestinationException"/>; its kind tells what the engine does.</remarks>
public interface IDestination : IAsyncDisposable
{
    /// <summary>Connects, and tries what a run needs to be allowed; changes nothing.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it is connected to, in words for people: product, version, place. No secret in it.</returns>
    Task<string> CheckAsync(CancellationToken cancellationToken);

    /// <summary>Looks whether the table of a stream, where it is there, can be written as the stream does it, and where not, whether it can be made; changes nothing.</summary>
    /// <param name="target">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">It can't; the message tells what is missing.</exception>
    Task CheckTableAsync(StreamTarget target, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Takes the lease of a stream: creates the tables of ours if missing, and raises the epoch of the stream's checkpoint row, which fences off whoever
    /// held it before. A lease that is expired, released, or whose holder is known to be dead, is free.
    /// </summary>
    /// <param name="target">Where and how the stream is written.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="LeaseHeldException">Somebody else holds it; the engine asks again for a while.</exception>
    Task<IStreamWriter> OpenAsync(StreamTarget target, CancellationToken cancellationToken);

    /// <summary>How many shared writers at once write more than one does; 1 where the database lets one write at a time.</summary>
    int UsefulSharedWriters => 1;

    /// <summary>Opens a writer that holds no lease, for posts, <c>save</c> and batches of a program: creates the tables of ours if missing.</summary>
    /// <param name="targets">The tables that it writes, no table twice; they append or merge.</param>
    /// <param name="options">What it is to tell.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">A target can't be written so (<see cref="DestinationFault.Fatal"/>), or the database can't be reached.</exception>
    Task<ISharedWriter> OpenSharedAsync(IReadOnlyList<StreamTarget> targets, SharedOptions options, CancellationToken cancellationToken) =>
        throw new DestinationException(DestinationFault.Fatal, "this destination is written by runs only: it takes no posts and no records of save");

    /// <summary>The value of <c>type</c> in a configuration, and the folder of its migrations.</summary>
    string Kind => "";

    /// <summary>Applies steps that were not applied yet, all in one transaction, and remembers them in a table of ours, <c>_tidemark_migrations</c>. Several processes may do it at once.</summary>
    /// <param name="steps">The steps, in order.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">A step failed: none is applied.</exception>
    Task MigrateAsync(IReadOnlyList<TableMigration> steps, CancellationToken cancellationToken) => throw new DestinationException(DestinationFault.Fatal, "this destination takes no migrations");

    /// <summary>Tells what tables steps make, by making them apart from all that is there and taking them away again.</summary>
    /// <param name="steps">The steps, in order.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The tables, in the order that they were asked for; null for one that no step makes.</returns>
    Task<IReadOnlyList<TableDescription?>> DescribeMigratedAsync(IReadOnlyList<TableMigration> steps, IReadOnlyList<string> tables, CancellationToken cancellationToken) =>
        throw new DestinationException(DestinationFault.Fatal, "this destination takes no migrations");

    /// <summary>The table of a lookup's answers. It does no I/O before it is used.</summary>
    /// <param name="target">The table.</param>
    /// <exception cref="DestinationException">This destination keeps no answers.</exception>
    ILookupTable OpenLookup(LookupTarget target) => throw new DestinationException(DestinationFault.Fatal, "this destination keeps no answers of lookups: use SQLite or PostgreSQL");

    /// <summary>Reads a checkpoint without a lease; <see cref="Checkpoint.None"/> if there is none.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<Checkpoint> ReadCheckpointAsync(string pipeline, string stream, CancellationToken cancellationToken);

    /// <summary>Reads the checkpoints of all slices of a stream at once, by slice, without a lease; the stream's own is not among them.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<IReadOnlyDictionary<string, Checkpoint>> ReadSliceCheckpointsAsync(string pipeline, string stream, CancellationToken cancellationToken);

    /// <summary>Looks at the streams of a pipeline and at the size of the database, without a lease; changes nothing, and waits for no writer.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<ObservedDatabase> ObserveAsync(string pipeline, CancellationToken cancellationToken);

    /// <summary>The newest rows of a stream's table: by the cursor column where there is one, else by order of insertion.</summary>
    /// <param name="target">The stream.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DestinationException">The table does not exist.</exception>
    Task<TableSample> ReadNewestAsync(StreamTarget target, int limit, CancellationToken cancellationToken);

    /// <summary>The table of a stream as it really is; null if there is none. Changes nothing.</summary>
    /// <param name="target">The stream.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<TableDescription?> DescribeAsync(StreamTarget target, CancellationToken cancellationToken);
}
