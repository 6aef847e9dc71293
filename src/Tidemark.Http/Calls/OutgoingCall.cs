namespace Tidemark.Http.Calls;

/// <summary>A call as a stream wants it, without what the source adds.</summary>
/// <param name="Method">The method.</param>
/// <param name="Url">The whole address.</param>
internal sealed record OutgoingCall(HttpMethod Method, Uri Url)
{
    /// <summary>The stream's headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A body of JSON; null: none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
}
