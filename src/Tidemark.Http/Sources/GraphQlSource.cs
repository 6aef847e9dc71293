using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>An API that answers queries in GraphQL, sent by POST.</summary>
public sealed record GraphQlSource : HttpSource
{
    internal override HttpStreamRequest Own(StreamRequest request) => Checked<GraphQlRequest>(request);
}
