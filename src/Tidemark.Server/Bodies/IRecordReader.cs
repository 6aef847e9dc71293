namespace Tidemark.Server.Bodies;

/// <summary>Finds the records of a body, part by part, in memory that does not depend on its size. Used by one task.</summary>
internal interface IRecordReader : IDisposable
{
    /// <summary>The object around the records, as far as it was asked for and is known when a part is given out; empty: there is none.</summary>
    ReadOnlyMemory<byte> Request { get; }

    /// <summary>The next part, at least one; null after the last. A part may be empty.</summary>
    /// <exception cref="Answers.ProblemException">The body is broken, or larger than it may be.</exception>
    Task<RecordPart?> ReadAsync(CancellationToken cancellationToken);
}
