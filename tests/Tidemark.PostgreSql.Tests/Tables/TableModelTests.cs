using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.PostgreSql.Tables;
using Tidemark.Records;
using Tidemark.Tests.Shared;
using static Tidemark.PostgreSql.Tests.Tables.TableBench;

namespace Tidemark.PostgreSql.Tests.Tables;

/// <summary>Generated values and sequences against what must hold for all of them.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class TableModelTests(PostgresServer server)
{
    private const int Sequences = 40;

    [Theory]
    [InlineData(ColumnType.Decimal)]
    [InlineData(ColumnType.Text)]
    public async Task Doubles_keep_all_their_digits(ColumnType to)
    {
        await using var bench = await OpenAsync(server);
        var table = await bench.TableAsync();
        await bench.EnsureAsync(table, Of("v", ColumnType.Double));
        var bits = ArbMap.Default.ArbFor<DoNotSize<long>>().Generator.Sample(1000).Select(b => BitConverter.Int64BitsToDouble(b.Item)).Where(double.IsFinite);
        var scales = ArbMap.Default.ArbFor<NormalFloat>().Generator.Sample(1000).Select((f, i) => f.Get * Math.Pow(10, (i % 40) - 20));
        double[] values = [0, -0.0, 1e15, 1e16, 1e17, -1e15, 1000000000000000.5, 1e-4, 1e-5, 123456789012345680, double.Epsilon, double.MaxValue, 0.1 + 0.2, 9007199254740993, .. bits, .. scales];
        await bench.Session.ExecuteAsync("INSERT INTO t SELECT unnest($1::float8[])", default, values);
        await bench.EnsureAsync(table, Of("v", to));
        var stored = (await bench.Session.RowsAsync("SELECT v::text FROM t ORDER BY ctid", default)).ConvertAll(r => (string)r[0]!);
        values.Zip(stored).Where(v => double.Parse(v.Second, CultureInfo.InvariantCulture) != v.First).ShouldBeEmpty();
        if (to != ColumnType.Text) return;
        // Text is what the engine makes of a double that arrives: what comes again is unchanged. Of whole numbers beyond 2^53 PostgreSQL may write one digit more.
        values.Zip(stored).Where(v => Math.Abs(v.First) <= 1L << 53 && Text(v.First) != v.Second).ShouldBeEmpty();
        values.Zip(stored).Where(v => Text(v.First).Contains('E', StringComparison.Ordinal) != v.Second.Contains('E', StringComparison.Ordinal)).ShouldBeEmpty();

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Any_sequence_of_arrivals_leaves_each_field_a_column_that_holds_all_of_them()
    {
        await using var bench = await OpenAsync(server);
        var number = 0;
        foreach (var seed in ArbMap.Default.ArbFor<int>().Generator.Sample(Sequences)) await RunAsync(bench, new Random(seed), $"t{number++}");
    }

    private static async Task RunAsync(TableBench bench, Random random, string name)
    {
        string[] fields = ["id", "Id", "a.b", "xmin", "", new string('é', 40), new string('é', 41), new string('é', 31) + "_", new string('é', 31)];
        var plan = new TablePlan { KeyFields = ["id"] };
        var table = await bench.TableAsync(plan, name);
        var model = new Dictionary<string, ColumnType>(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var step = 0; step < 8; step++)
        {
            var arrivals = fields.Where((f, i) => i == 0 || random.Next(3) == 0).Select(f => Of(f, (ColumnType)random.Next(9))).ToList();
            bench.Session.Begin();
            await table.EnsureAsync(arrivals, default);
            if (random.Next(4) == 0)
            {
                await bench.Session.RollbackAsync();
                await table.LoadAsync(default);
            }
            else
            {
                await bench.Session.CommitAsync(default);
                foreach (var arrival in arrivals) model[arrival.Field] = model.TryGetValue(arrival.Field, out var before) ? Wider(before, arrival) : arrival.Type!.Value;
                if (random.Next(3) == 0) table = await bench.TableAsync(plan, name);
            }
            table.Fields.Keys.Order(StringComparer.Ordinal).ShouldBe(model.Keys.Order(StringComparer.Ordinal));
            foreach (var (field, type) in model)
            {
                var column = table.Fields[field];
                (column.SqlType, column.Type, column.Adopted).ShouldBe((SqlTypes.NameOf(type), type, false));
                // What a field has once it has for ever.
                names.TryAdd(field, column.Name);
                column.Name.ShouldBe(names[field]);
            }
            names = names.Where(n => model.ContainsKey(n.Key)).ToDictionary(StringComparer.Ordinal);
            names.Values.Distinct(StringComparer.Ordinal).Count().ShouldBe(model.Count);
        }
    }

    // The table is empty: all whole numbers in it are doubles.
    private static ColumnType Wider(ColumnType before, PgArrival arrival) => (before, arrival.Type) switch
    {
        (ColumnType.Bigint, ColumnType.Double) or (ColumnType.Double, ColumnType.Bigint) => ColumnType.Double,
        _ => ColumnTypes.Widen(before, arrival.Type!.Value),
    };
}
