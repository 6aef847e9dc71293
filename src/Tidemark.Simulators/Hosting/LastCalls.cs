using System.Collections.Concurrent;

namespace Tidemark.Simulators.Hosting;

/// <summary>The last request for each list, so that its page can be served again.</summary>
internal sealed class LastCalls
{
    private readonly ConcurrentDictionary<string, (QueryString Query, IReceivedQuery? GraphQl)> _last = new(StringComparer.Ordinal);

    public void Remember(HttpContext context, SimulatedCall call) =>
        _last[call.List] = (context.Request.QueryString, call.Query);

    /// <summary>Makes a request ask for what was asked last; the first request for a list stays as it is.</summary>
    public void Repeat(HttpContext context, SimulatedCall call)
    {
        if (!_last.TryGetValue(call.List, out var last))
            return;
        context.Request.QueryString = last.Query;
        call.Query = last.GraphQl;
    }

    public void Clear() => _last.Clear();
}
