using Tidemark.Http.Calls;
using Tidemark.Sources;

namespace Tidemark.Http.Reading;

/// <summary>What a live source is made of.</summary>
internal sealed record HttpReaderOptions
{
    /// <summary>The source's address; user info in it is basic authentication.</summary>
    public required Uri Url { get; init; }

    public required Authenticator? Authenticator { get; init; }

    /// <summary>Headers of each call to the source's own origin.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required CallOptions Calls { get; init; }

    /// <summary>What a call is expected to cost where its stream says nothing.</summary>
    public required double Cost { get; init; }

    /// <summary>Other origins that a link to the next page may lead to.</summary>
    public required IReadOnlyList<Uri> AllowedOrigins { get; init; }

    /// <summary>Checks that a stream's request is right, and one of this source's kind.</summary>
    public required Func<StreamRequest, HttpStreamRequest> Own { get; init; }
}
