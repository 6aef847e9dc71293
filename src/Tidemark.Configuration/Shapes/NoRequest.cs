using Tidemark.Sources;

namespace Tidemark.Configuration.Shapes;

/// <summary>Stands for a stream's request until the connector has read it.</summary>
internal sealed record NoRequest : StreamRequest
{
    private NoRequest()
    {
    }

    public static NoRequest Instance { get; } = new();
}
