using System.Text;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class RecordBatchTests
{
    [Theory]
    [InlineData("null", "Null", null)]
    [InlineData("true", "Boolean true", ColumnType.Boolean)]
    [InlineData("false", "Boolean false", ColumnType.Boolean)]
    [InlineData("0", "Integer 0", ColumnType.Bigint)]
    [InlineData("-9223372036854775808", "Integer -9223372036854775808", ColumnType.Bigint)]
    [InlineData("9223372036854775807", "Integer 9223372036854775807", ColumnType.Bigint)]
    [InlineData("9223372036854775808", "Decimal 9223372036854775808", ColumnType.Decimal)]
    [InlineData("1.5", "Double 1.5", ColumnType.Double)]
    [InlineData("1e3", "Double 1000", ColumnType.Double)]
    [InlineData("1e400", "Decimal 1e400", ColumnType.Decimal)]
    [InlineData("1e-16384", "Decimal 1e-16384", ColumnType.Decimal)]
    [InlineData("-1E-400", "Decimal -1E-400", ColumnType.Decimal)]
    [InlineData("1.2345678e-320", "Decimal 1.2345678e-320", ColumnType.Decimal)]
    [InlineData("2.225073858507e-308", "Decimal 2.225073858507e-308", ColumnType.Decimal)]
    [InlineData("3e-308", "Double 3E-308", ColumnType.Double)]
    [InlineData("0.00", "Double 0", ColumnType.Double)]
    [InlineData("-0e-400", "Double -0", ColumnType.Double)]
    [InlineData("-0.12345678901234", "Double -0.12345678901234", ColumnType.Double)]
    [InlineData("0.1234567890123456789", "Decimal 0.1234567890123456789", ColumnType.Decimal)]
    [InlineData("48.85661400000001", "Double 48.85661400000001", ColumnType.Double)]
    [InlineData("12.00000000000000", "Double 12", ColumnType.Double)]
    [InlineData("\"\"", "Text ", ColumnType.Text)]
    [InlineData("\"12\"", "Text 12", ColumnType.Text)]
    [InlineData("\"é😀\"", "Text é😀", ColumnType.Text)]
    [InlineData("\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\"", "Text é😀\n\"\\/", ColumnType.Text)]
    [InlineData("\"\\u0000\"", "Text \0", ColumnType.Text)]
    [InlineData("\"2026-01-09T10:00:00Z\"", "Timestamp 2026-01-09T10:00:00Z", ColumnType.Timestamp)]
    [InlineData("\"2026-01-09\\u002010:00:00.123456-05:30\"", "Timestamp 2026-01-09 10:00:00.123456-05:30", ColumnType.Timestamp)]
    [InlineData("\"2026-01-09T10:00:00.1234567Z\"", "Text 2026-01-09T10:00:00.1234567Z", ColumnType.Text)]
    [InlineData("\"2026-01-09T10:00:00\"", "Text 2026-01-09T10:00:00", ColumnType.Text)]
    [InlineData("\"2026-01-09\"", "Date 2026-01-09", ColumnType.Date)]
    [InlineData("\"2026-02-29\"", "Text 2026-02-29", ColumnType.Text)]
    [InlineData("{ \"b\" : [1] }", "Json { \"b\" : [1] }", ColumnType.Json)]
    [InlineData("[]", "Json []", ColumnType.Json)]
    public void Value_has_the_kind_that_it_looks_like(string json, string expected, ColumnType? type)
    {
        using var batch = Cells.Batch($$"""{ "a" : {{json}} }""");
        batch.Show("a").ShouldBe(expected);
        batch.Column("a").Type.ShouldBe(type);
    }

    [Theory]
    [InlineData("9.007199254740993")]
    [InlineData("900719925474099.3")]
    [InlineData("8999999.999999999")]
    public void Number_of_sixteen_digits_keeps_them_all(string number)
    {
        using var batch = Cells.Batch($$"""{"a":{{number}}}""");
        batch.Show("a").ShouldEndWith(" " + number);
    }

    [Theory]
    [InlineData(ColumnType.Timestamp, "2026-01-09T10:00:00Z", "2026-01-09 10:00:00+01:00")]
    [InlineData(ColumnType.Date, "2026-01-09", "2026-01-10")]
    [InlineData(ColumnType.Text, "2026-01-09T10:00:00Z", "2026-01-09")]
    [InlineData(ColumnType.Text, "2026-01-09T10:00:00Z", "2026-01-09T10:00:00")]
    [InlineData(ColumnType.Text, "2026-01-09", "")]
    public void Text_column_is_one_of_time_only_if_all_its_values_are(ColumnType expected, params string[] values)
    {
        using var batch = Cells.Batch([.. values.Select(v => $$"""{"a":"{{v}}"}"""), """{"a":null}""", "{}"]);
        batch.Column("a").Type.ShouldBe(expected);
    }

    [Fact]
    public void Absent_is_not_null()
    {
        using var batch = Cells.Batch("""{"id":1,"a":null}""", """{"id":2}""", """{"id":3,"b":"x"}""", "{}");
        Enumerable.Range(0, 4).Select(r => batch.Show("a", r)).ShouldBe(["Null", "Absent", "Absent", "Absent"]);
        Enumerable.Range(0, 4).Select(r => batch.Show("b", r)).ShouldBe(["Absent", "Absent", "Text x", "Absent"]);
        batch.Column("a").Seen.ShouldBe(CellKinds.Null);
        batch.Column("a").Type.ShouldBeNull();
        batch.Column("a")[0].IsPresent.ShouldBeTrue();
        batch.Column("a")[1].IsPresent.ShouldBeFalse();
        batch.Column("a")[4000].IsPresent.ShouldBeFalse();
    }

    [Fact]
    public void Repeated_property_the_last_one_counts()
    {
        using var batch = Cells.Batch("""{"a":"x","a":{"b":1},"a":2}""", """{"a":3}""");
        batch.Columns.Count.ShouldBe(1);
        batch.Show("a").ShouldBe("Integer 2");
        batch.Column("a").Seen.ShouldBe(CellKinds.Integer);
    }

    [Fact]
    public void Columns_are_found_whatever_the_order_of_properties()
    {
        using var batch = Cells.Batch(
            """{"a":1,"b":2,"c":3}""", """{"c":6,"a":4,"b":5}""", """{"b":8,"new":0,"a":7}""", """{"\u0061":10,"b":11,"\u0063":12}""", """{"a":13,"b":14,"c":15,"d":16}""");
        batch.Columns.Select(c => c.Field).ShouldBe(["a", "b", "c", "new", "d"]);
        string Row(int row) => string.Join(' ', batch.Columns.Select(c => batch.Show(c.Field, row).Split(' ')[^1]));
        Enumerable.Range(0, 5).Select(Row).ShouldBe(["1 2 3 Absent Absent", "4 5 6 Absent Absent", "7 8 Absent 0 Absent", "10 11 12 Absent Absent", "13 14 15 Absent 16"]);
    }

    [Fact]
    public void Field_names_are_taken_as_they_are()
    {
        var names = new[] { "", "Id", "id", "with \" quote", "é😀", new string('n', 300), new string('ü', 200) };
        using var batch = new RecordBatch(new BatchSchema());
        for (var i = 0; i < 2; i++)
            batch.Add("{" + string.Join(',', names.Select((n, at) => $"\"{n.Replace("\"", "\\\"", StringComparison.Ordinal)}\":{at}")) + "}").ShouldBeNull();
        batch.Columns.Select(c => c.Field).ShouldBe(names);
    }

    [Fact]
    public void Payload_is_the_record_as_it_arrived()
    {
        var records = new[] { """ { "id" : 1, "t":"\u0041" } """, """{"id":2}""" };
        using var batch = Cells.Batch(records);
        records.Select((_, row) => Encoding.UTF8.GetString(batch.Payload(row))).ShouldBe(records);
        batch.Count.ShouldBe(2);
        batch.ByteSize.ShouldBeGreaterThanOrEqualTo(records.Sum(r => r.Length));
    }

    [Fact]
    public void Texts_of_a_megabyte_and_three_hundred_columns_are_kept()
    {
        var large = string.Concat(Enumerable.Repeat("0123456789abcdé\\n", 1 << 16));
        using var batch = new RecordBatch(new BatchSchema());
        for (var row = 0; row < 70; row++)
            batch.Add("{" + string.Join(',', Enumerable.Range(0, 300).Select(c => $"\"c{c}\":{(row * 1000) + c}")) + (row % 20 == 0 ? $",\"large\":\"{large}\"" : "") + "}").ShouldBeNull();
        batch.Columns.Count.ShouldBe(301);
        batch.Show("c299", 69).ShouldBe("Integer 69299");
        batch.Show("c0", 0).ShouldBe("Integer 0");
        batch.Show("large", 60).ShouldBe("Text " + large.Replace("\\n", "\n", StringComparison.Ordinal));
        batch.Show("large", 61).ShouldBe("Absent");
    }

    [Fact]
    public void Text_taken_by_several_columns_is_unescaped_for_each()
    {
        var text = new string('x', 40_000).Replace("x", "\\n", StringComparison.Ordinal);
        var path = JsonPath.Parse("a.t");
        using var batch = new RecordBatch(new BatchSchema { Columns = [.. Enumerable.Range(0, 8).Select(i => new DeclaredColumn($"p{i}", path, null))] });
        batch.Add($$$"""{"a":{"t":"{{{text}}}"},"id":7}""").ShouldBeNull();
        foreach (var i in Enumerable.Range(0, 8)) batch.Show($"p{i}").ShouldBe("Text " + new string('\n', 40_000));
        Encoding.UTF8.GetString(batch.Payload(0)).ShouldEndWith("\"},\"id\":7}");
    }
}
