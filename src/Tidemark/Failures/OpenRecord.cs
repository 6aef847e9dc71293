namespace Tidemark.Failures;

/// <summary>A failed record that waits to be dealt with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Its stream.</param>
public readonly record struct OpenRecord(string Id, string Stream);
