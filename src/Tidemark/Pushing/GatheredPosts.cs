using Tidemark.Destinations;

namespace Tidemark.Pushing;

/// <summary>Posts that are written together, sorted.</summary>
/// <param name="posts">The posts.</param>
/// <param name="routes">Their records, by table.</param>
/// <param name="asked">What they ask for, by reference.</param>
internal sealed class GatheredPosts(GatheredPost[] posts, RoutedRecords[] routes, AskedTuples[] asked) : IDisposable
{
    public IReadOnlyList<GatheredPost> Posts => posts;

    public IReadOnlyList<RoutedRecords> Routes => routes;

    /// <summary>The posts whose keys are looked for, in the order of <see cref="SharedLook.Keys"/>.</summary>
    public IReadOnlyList<int> Keyed { get; } = [.. Enumerable.Range(0, posts.Length).Where(i => posts[i].Problem is null && posts[i].Waiting.Post.Key is not null)];

    /// <summary>The references that are asked for, in the order of <see cref="SharedLook.References"/>.</summary>
    public IReadOnlyList<int> Asked { get; } = [.. Enumerable.Range(0, asked.Length).Where(i => asked[i].Count > 0)];

    /// <summary>True if there is something to ask the database for, or to write.</summary>
    public bool IsNeeded => Keyed.Count > 0 || Asked.Count > 0 || Array.Exists(routes, r => r.Batch.Count > 0) || Array.Exists(posts, p => p.Waiting.Post.Position is not null);

    public SharedLook Look() => new()
    {
        Keys = [.. Keyed.Select(i => posts[i].Waiting.Post.Key!)],
        References = [.. Asked.Select(i => asked[i].Query())],
        Position = posts[0].Waiting.Post.Position,
    };

    public void Dispose()
    {
        foreach (var route in routes) route.Dispose();
    }
}
