using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Sirene;

/// <summary>The conditions on codes of a search, by which slices are told apart; those on times differ from call to call.</summary>
internal sealed class AskedCodes(string query) : IReceivedQuery
{
    public IReadOnlyList<string> RootFields { get; } = [.. query.Split(" AND ").Select(static condition => condition.Trim()).Where(static condition => condition.StartsWith("code", StringComparison.Ordinal))];
}
