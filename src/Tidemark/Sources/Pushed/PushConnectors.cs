using Tidemark.Definitions;

namespace Tidemark.Sources.Pushed;

/// <summary>The registration of the source <c>push</c>.</summary>
public static class PushConnectors
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SourceConnector> All { get; } =
    [
        new SourceConnector<PushSource, PushRequest>("push",
            new Shape<PushSource>("Records that others post to tidemark serve.", () => new PushSource()),
            new Shape<PushRequest>("A stream that others post to.", () => new PushRequest())),
    ];
}
