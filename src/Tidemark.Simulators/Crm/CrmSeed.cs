using Tidemark.Simulators.Records;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Crm;

/// <summary>Fills the tables.</summary>
internal static class CrmSeed
{
    private static readonly TimeSpan Youngest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Oldest = TimeSpan.FromDays(700);

    public static CrmWorld Plant(IReadOnlyList<CrmKind> kinds, SimulatorOptions options, DateTimeOffset start)
    {
        var world = new CrmWorld { Start = start, Scale = options.Scale };
        var random = new Random(options.Seed);
        foreach (var kind in kinds)
            kind.Table.Load(Plant(kind, world, random));
        return world;
    }

    private static List<SimulatedRecord> Plant(CrmKind kind, CrmWorld world, Random random)
    {
        var count = kind.SeedCount * world.Scale;
        var ages = DistinctAges(random, count);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var records = new List<SimulatedRecord>(count);
        for (var index = 0; index < count; index++)
        {
            string id;
            do
            {
                id = random.Id(kind.IdPrefix);
            }
            while (!ids.Add(id));

            var updated = world.Start - ages[index];
            var draft = new CrmDraft(id, index, updated.AddMinutes(-random.Next(1, 500_000)), updated);
            records.Add(kind.ToRecord(kind.Create(random, world, draft)));
        }

        return records;
    }

    private static List<TimeSpan> DistinctAges(Random random, int count)
    {
        var span = (long)(Oldest - Youngest).TotalMilliseconds;
        var ages = new HashSet<long>();
        while (ages.Count < count)
            ages.Add(random.NextInt64(span));
        return [.. ages.Select(static age => Youngest + TimeSpan.FromMilliseconds(age))];
    }
}
