namespace Tidemark.Configuration.Shapes;

/// <summary>A path of the user's own that is served.</summary>
internal static class RoutePath
{
    /// <summary>Reads one.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="FormatException">It can't be served.</exception>
    public static string Parse(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal) || !path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~'))
            throw new FormatException($"found the path '{path}', expected one such as /api/v1/kpi/sync: '/', letters, digits, '-', '_', '.' and '~'");
        string[] ours = ["v1", "health", "metrics", "openapi"];
        return ours.Contains(path.Split('/')[1], StringComparer.OrdinalIgnoreCase) ? throw new FormatException($"found the path '{path}', which is one of the server's own: /v1, /health, /metrics and /openapi") : path;
    }
}
