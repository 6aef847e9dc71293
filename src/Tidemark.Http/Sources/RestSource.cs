using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>An API that answers JSON at addresses.</summary>
public sealed record RestSource : HttpSource
{
    internal override HttpStreamRequest Own(StreamRequest request) => Checked<RestRequest>(request);
}
