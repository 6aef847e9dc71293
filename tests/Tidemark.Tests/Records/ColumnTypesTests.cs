using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class ColumnTypesTests
{
    private static readonly CellKinds[] Sets = [.. Enumerable.Range(0, 2 * (int)CellKinds.Date).Select(bits => (CellKinds)bits)];

    [Theory]
    [InlineData(CellKinds.None, null)]
    [InlineData(CellKinds.Null, null)]
    [InlineData(CellKinds.Null | CellKinds.Boolean, ColumnType.Boolean)]
    [InlineData(CellKinds.Integer | CellKinds.LargeInteger, ColumnType.Bigint)]
    [InlineData(CellKinds.Integer | CellKinds.Double, ColumnType.Double)]
    [InlineData(CellKinds.LargeInteger | CellKinds.Double, ColumnType.Decimal)]
    [InlineData(CellKinds.Decimal, ColumnType.Decimal)]
    [InlineData(CellKinds.Numbers | CellKinds.Null, ColumnType.Decimal)]
    [InlineData(CellKinds.Json, ColumnType.Json)]
    [InlineData(CellKinds.Json | CellKinds.Text, ColumnType.Text)]
    [InlineData(CellKinds.Boolean | CellKinds.Integer, ColumnType.Text)]
    [InlineData(CellKinds.Timestamp | CellKinds.Null, ColumnType.Timestamp)]
    [InlineData(CellKinds.Date, ColumnType.Date)]
    [InlineData(CellKinds.Timestamp | CellKinds.Date, ColumnType.Text)]
    [InlineData(CellKinds.Timestamp | CellKinds.Text, ColumnType.Text)]
    [InlineData(CellKinds.Date | CellKinds.Integer, ColumnType.Text)]
    [InlineData(CellKinds.Values, ColumnType.Text)]
    public void Infer_gives_the_narrowest_type(CellKinds kinds, ColumnType? expected) => ColumnTypes.Infer(kinds).ShouldBe(expected);

    [Fact]
    public void Inferred_type_holds_all_kinds_it_was_inferred_from()
    {
        foreach (var kinds in Sets)
        {
            if (ColumnTypes.Infer(kinds) is { } type) Holds(type, kinds).ShouldBeTrue($"{type} for {kinds}");
            else (kinds & CellKinds.Values).ShouldBe(CellKinds.None);
        }
    }

    [Fact]
    public void Column_widened_batch_by_batch_holds_all_that_came()
    {
        foreach (var first in Sets)
        {
            foreach (var second in Sets)
            {
                if (ColumnTypes.Infer(first) is { } stored && ColumnTypes.Infer(second) is { } arriving)
                    Holds(ColumnTypes.Widen(stored, arriving), first | second).ShouldBeTrue($"{first} then {second}");
            }
        }
    }

    [Fact]
    public void Widen_does_not_depend_on_the_order_of_batches()
    {
        var types = Enum.GetValues<ColumnType>();
        foreach (var a in types)
        {
            ColumnTypes.Widen(a, a).ShouldBe(a);
            foreach (var b in types)
            {
                ColumnTypes.Widen(a, b).ShouldBe(ColumnTypes.Widen(b, a));
                foreach (var c in types)
                    ColumnTypes.Widen(ColumnTypes.Widen(a, b), c).ShouldBe(ColumnTypes.Widen(a, ColumnTypes.Widen(b, c)));
            }
        }
    }

    [Theory]
    [InlineData(ColumnType.Bigint, ColumnType.Double, ColumnType.Decimal)]
    [InlineData(ColumnType.Decimal, ColumnType.Bigint, ColumnType.Decimal)]
    [InlineData(ColumnType.Boolean, ColumnType.Bigint, ColumnType.Text)]
    [InlineData(ColumnType.Timestamp, ColumnType.Text, ColumnType.Text)]
    [InlineData(ColumnType.Timestamp, ColumnType.Date, ColumnType.Text)]
    [InlineData(ColumnType.Json, ColumnType.Bigint, ColumnType.Text)]
    public void Widen_gives_what_holds_both(ColumnType stored, ColumnType arriving, ColumnType expected) => ColumnTypes.Widen(stored, arriving).ShouldBe(expected);

    private static bool Holds(ColumnType type, CellKinds kinds) => (kinds & CellKinds.Values & ~(type switch
    {
        ColumnType.Boolean => CellKinds.Boolean,
        ColumnType.Bigint => CellKinds.Integer | CellKinds.LargeInteger,
        ColumnType.Double => CellKinds.Double | CellKinds.Integer,
        ColumnType.Decimal => CellKinds.Numbers,
        ColumnType.Timestamp => CellKinds.Timestamp,
        ColumnType.Date => CellKinds.Date,
        ColumnType.Json => CellKinds.Json,
        _ => CellKinds.Values,
    })) == CellKinds.None;
}
