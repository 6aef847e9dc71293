namespace Tidemark.Runs;

/// <summary>Live sources or destinations of a run, opened when first used, disposed together.</summary>
internal sealed class Opened<T> : IAsyncDisposable where T : IAsyncDisposable
{
    private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);

    public T Get(string name, Func<string, T> open)
    {
        lock (_byName)
        {
            if (!_byName.TryGetValue(name, out var one)) _byName[name] = one = open(name);
            return one;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _byName.Values) await one.DisposeAsync();
    }
}
