using System.Text.Json;
using System.Text.Json.Nodes;
using Tidemark.Simulators.GraphQl;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Crm;

/// <summary>One kind of records of the CRM: how they look, how they come into being and how they change.</summary>
internal abstract class CrmKind
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = Answers.Plain.Encoder };

    /// <summary>The name in the control routes.</summary>
    public abstract string Name { get; }

    /// <summary>The GraphQL root field.</summary>
    public abstract string Field { get; }

    public abstract string IdPrefix { get; }

    public abstract int SeedCount { get; }

    public abstract ObjectType Node { get; }

    /// <summary>The timestamps to sort and filter by: <c>updatedAt</c> and <c>createdAt</c> first.</summary>
    public virtual IReadOnlyList<string> Keys => ["updatedAt", "createdAt"];

    public virtual IReadOnlyDictionary<string, (int Key, FilterOperation Operation)> Filters { get; } =
        new Dictionary<string, (int, FilterOperation)>(StringComparer.Ordinal);

    public RecordTable Table { get; } = new();

    public abstract JsonObject Create(Random random, CrmWorld world, CrmDraft draft);

    /// <summary>Changes a business field; the caller stamps <c>updatedAt</c>.</summary>
    public abstract void Touch(JsonObject record, Random random, DateTimeOffset stamp);

    /// <summary>Whether an advance may pick this record to update it.</summary>
    public virtual bool CanChange(SimulatedRecord record, DateTimeOffset now) => true;

    public SimulatedRecord ToRecord(JsonObject record)
    {
        string[] keys = [.. Keys.Select(key => (string)record[key]!)];
        return new SimulatedRecord((string)record["id"]!, JsonSerializer.SerializeToUtf8Bytes(record, Plain), keys);
    }

    public Connection ToConnection()
    {
        var orders = new List<SortOrder> { new("ID_ASC", -1, false) };
        for (var key = 0; key < Keys.Count; key++)
        {
            var name = SortName(Keys[key]);
            orders.Add(new SortOrder(name + "_ASC", key, false));
            orders.Add(new SortOrder(name + "_DESC", key, true));
        }

        return new Connection(Field, Node, Table, orders, Filters);
    }

    private static string SortName(string key) => key switch
    {
        "updatedAt" => "UPDATED_AT",
        "createdAt" => "CREATED_AT",
        "occurredAt" => "OCCURRED_AT",
        _ => key.ToUpperInvariant(),
    };
}
