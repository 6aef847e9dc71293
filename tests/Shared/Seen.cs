using System.Web;

namespace Tidemark.Tests.Shared;

/// <summary>A request as the scripted server saw it.</summary>
internal sealed record Seen(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];

    public string QueryText => Target.Split('?', 2) is [_, var query] ? query : "";

    public string? Query(string name) => HttpUtility.ParseQueryString(QueryText)[name];

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
