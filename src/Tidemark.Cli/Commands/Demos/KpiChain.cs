using System.Globalization;
using System.Text;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>A chain of shops, and what its sellers and managers have done: the same as seed.sql of the recipe makes.</summary>
internal static class KpiChain
{
    public const int Stores = 20, Sellers = 100, Managers = 2;

    /// <summary>The stores, as JSON.</summary>
    public static IEnumerable<string> StoreLines => Enumerable.Range(1, Stores).Select(s => Text($$"""{"id":"store-{{s}}","name":"Store {{s}}"}"""));

    /// <summary>The sellers and managers of all stores, as JSON.</summary>
    public static IEnumerable<string> UserLines => Enumerable.Range(1, Stores).SelectMany(s => People("seller", s, Sellers).Concat(People("manager", s, Managers)));

    /// <summary>A post of some sellers' figures.</summary>
    /// <param name="source">The field <c>source</c>, and how its Idempotency-Key begins.</param>
    /// <param name="store">The store, from 1.</param>
    /// <param name="day">The day.</param>
    /// <param name="first">The first seller, from 1.</param>
    /// <param name="count">How many sellers.</param>
    /// <param name="others">Entries beside them: managers, or people whom nobody knows.</param>
    public static KpiPost Post(string source, int store, DateOnly day, int first, int count, params IReadOnlyList<string> others)
    {
        var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var sellers = Enumerable.Range(first, count).Select(i => Text($"\"seller_id\":\"seller-{store}-{i}\",\"revenue\":{(store * 1000) + i}.5,\"sales\":{(i + day.DayNumber) % 40}")).ToList();
        var common = Text($"\"store_id\":\"store-{store}\",\"date\":\"{date}\",\"source\":\"{source}\"");
        var body = new StringBuilder().Append('{').Append(common).Append(",\"kpi_entries\":[").AppendJoin(',', sellers.Concat(others).Select(entry => $"{{{entry}}}")).Append("]}");
        return new KpiPost(Text($"{source}-{store}-{date}-{first}"), body.ToString(), [.. sellers.Select(entry => $"{{{common},{entry}}}")]);
    }

    /// <summary>The entry of a manager.</summary>
    public static string Manager(int store, int number) => Text($"\"manager_id\":\"manager-{store}-{number}\",\"visits\":{number * 3}");

    /// <summary>An entry of somebody who is not there.</summary>
    public static string Stranger(int number) => Text($"\"seller_id\":\"abc-{number}\",\"revenue\":1");

    private static IEnumerable<string> People(string role, int store, int count) =>
        Enumerable.Range(1, count).Select(i => Text($$"""{"id":"{{role}}-{{store}}-{{i}}","store_id":"store-{{store}}","role":"{{role}}","name":"{{char.ToUpperInvariant(role[0])}}{{role[1..]}} {{i}}"}"""));

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
