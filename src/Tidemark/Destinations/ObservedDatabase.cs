namespace Tidemark.Destinations;

/// <summary>A destination as somebody sees it who only looks.</summary>
/// <param name="Bytes">What the database takes on its disk, all that is in it; null: not known.</param>
/// <param name="Streams">The streams of the pipeline that were ever written to it.</param>
public sealed record ObservedDatabase(long? Bytes, IReadOnlyList<ObservedStream> Streams);
