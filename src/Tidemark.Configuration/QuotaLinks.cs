using Tidemark.Definitions;

namespace Tidemark.Configuration;

/// <summary>What ties sources to quotas.</summary>
internal static class QuotaLinks
{
    /// <summary>Finds sources that name a quota which is not there.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="problems">Where problems go.</param>
    public static void Check(MappingNode root, ConfigProblems problems)
    {
        List<string> known = root["quotas"] is MappingNode quotas ? [.. quotas.Entries.Select(e => e.Key.Text)] : [];
        if (root["sources"] is not MappingNode sources) return;
        foreach (var (_, source) in sources.Entries)
        {
            var use = (source as MappingNode)?["quota"];
            var name = use is MappingNode mapping ? mapping["name"] : use;
            if (name is not ScalarNode { IsNull: false, Text.Length: > 0 } link || known.Contains(link.Text, StringComparer.Ordinal)) continue;
            problems.Add(link.Location, known.Count == 0
                ? $"found {link.Kind}, but there are no quotas: add quotas: {{ {link.Text}: {{ rates: [{{ limit: 300, interval: 1m }}] }} }}"
                : $"found {link.Kind}, which is no quota{NearestName.Hint(link.Text, known)}");
        }
    }
}
