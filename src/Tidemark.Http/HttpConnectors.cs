using Tidemark.Http.Shapes;
using Tidemark.Sources;

namespace Tidemark.Http;

/// <summary>The connectors of this library.</summary>
public static class HttpConnectors
{
    /// <summary><c>rest</c> and <c>graphql</c>.</summary>
    public static IReadOnlyList<SourceConnector> All { get; } =
    [
        new SourceConnector<RestSource, RestRequest>("rest", SourceShapes.Rest, RequestShapes.Rest),
        new SourceConnector<GraphQlSource, GraphQlRequest>("graphql", SourceShapes.GraphQl, RequestShapes.GraphQl),
    ];
}
