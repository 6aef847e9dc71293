using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class DeclaredColumnTests
{
    [Theory]
    [InlineData(ColumnType.Boolean, "true", "Boolean true")]
    [InlineData(ColumnType.Boolean, "\"False\"", "Boolean false")]
    [InlineData(ColumnType.Bigint, "5", "Integer 5")]
    [InlineData(ColumnType.Bigint, "\"-5\"", "Integer -5")]
    [InlineData(ColumnType.Bigint, "5.0", "Integer 5")]
    [InlineData(ColumnType.Bigint, "1e3", "Integer 1000")]
    [InlineData(ColumnType.Double, "5", "Double 5")]
    [InlineData(ColumnType.Double, "\"1.5\"", "Double 1.5")]
    [InlineData(ColumnType.Double, "0.1234567890123456789", "Double 0.12345678901234568")]
    [InlineData(ColumnType.Decimal, "\"12.30\"", "Decimal 12.30")]
    [InlineData(ColumnType.Decimal, "1.5", "Double 1.5")]
    [InlineData(ColumnType.Decimal, "7", "Integer 7")]
    [InlineData(ColumnType.Decimal, "9223372036854775808", "Decimal 9223372036854775808")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-09T10:00:00+02:00\"", "Timestamp 2026-01-09T10:00:00+02:00")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-09T10:00:00.123456789Z\"", "Timestamp 2026-01-09T10:00:00.123456789Z")]
    [InlineData(ColumnType.Text, "\"2026-01-09T10:00:00Z\"", "Text 2026-01-09T10:00:00Z")]
    [InlineData(ColumnType.Json, "\"2026-01-09\"", "Text 2026-01-09")]
    [InlineData(ColumnType.Date, "\"2026-01-09\"", "Date 2026-01-09")]
    [InlineData(ColumnType.Bytes, "\"aGk=\"", "Text aGk=")]
    [InlineData(ColumnType.Text, "5", "Integer 5")]
    [InlineData(ColumnType.Text, "[1]", "Json [1]")]
    [InlineData(ColumnType.Json, "\"x\"", "Text x")]
    [InlineData(ColumnType.Bigint, "null", "Null")]
    public void Value_that_fits_is_converted(ColumnType type, string json, string expected)
    {
        using var batch = Of(type);
        batch.Add($$"""{"a":{{json}}}""").ShouldBeNull();
        batch.Show("a").ShouldBe(expected);
        batch.Column("a").Type.ShouldBe(type);
    }

    [Theory]
    [InlineData(ColumnType.Boolean, "1", "the number 1", "boolean")]
    [InlineData(ColumnType.Boolean, "\"yes\"", "the text 'yes'", "boolean")]
    [InlineData(ColumnType.Boolean, "\"true \"", "the text 'true '", "boolean")]
    [InlineData(ColumnType.Bigint, "1.5", "a number with a fraction", "bigint")]
    [InlineData(ColumnType.Bigint, "\"\"", "the text ''", "bigint")]
    [InlineData(ColumnType.Bigint, "true", "true", "bigint")]
    [InlineData(ColumnType.Bigint, "9223372036854775808", "a number with many digits", "bigint")]
    [InlineData(ColumnType.Bigint, "\"9223372036854775808\"", "the text '9223372036854775808'", "bigint")]
    [InlineData(ColumnType.Double, "\"NaN\"", "the text 'NaN'", "double")]
    [InlineData(ColumnType.Double, "1e400", "a number with many digits", "double")]
    [InlineData(ColumnType.Double, "false", "false", "double")]
    [InlineData(ColumnType.Decimal, "\"12,30\"", "the text '12,30'", "decimal")]
    [InlineData(ColumnType.Timestamp, "\"soon\"", "the text 'soon'", "timestamp")]
    [InlineData(ColumnType.Timestamp, "1767952800", "the number 1767952800", "timestamp")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-09\"", "the text '2026-01-09'", "timestamp")]
    [InlineData(ColumnType.Date, "{}", "an object or a list", "date")]
    [InlineData(ColumnType.Date, "\"2026-01-09T00:00:00Z\"", "the text '2026-01-09T00:00:00Z'", "date")]
    [InlineData(ColumnType.Bigint, "\"2026-01-09\"", "the text '2026-01-09'", "bigint")]
    [InlineData(ColumnType.Bytes, "\"a\"", "the text 'a'", "bytes")]
    [InlineData(ColumnType.Bigint, "\"a text of more than forty characters, in all\"", "the text 'a text of more than forty characters, in…'", "bigint")]
    public void Value_that_does_not_fit_is_refused(ColumnType type, string json, string found, string expected)
    {
        using var batch = Of(type);
        batch.Add($$"""{"a":{{json}}}""").ShouldBe($"found {found} in 'a', expected {expected} as declared");
        batch.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("2026-01-09T10:00:00")]
    [InlineData("2026-01-09 10:00:00.1234567")]
    public void Timestamp_without_a_zone_is_refused_with_what_to_do(string text)
    {
        using var batch = Of(ColumnType.Timestamp);
        batch.Add($$"""{"a":"{{text}}"}""").ShouldBe(
            $"found the text '{text}' in 'a', a timestamp without a zone; expected one with Z or an offset such as +01:00; declare the column as text to keep it as it is");
    }

    [Fact]
    public void Path_brings_a_deeper_value_into_its_column()
    {
        var schema = new BatchSchema
        {
            PrimaryKey = ["key"],
            Columns =
            [
                new DeclaredColumn("key", JsonPath.Parse("meta.id"), ColumnType.Text),
                new DeclaredColumn("city", JsonPath.Parse("address.city"), null),
                new DeclaredColumn("first", JsonPath.Parse("tags[0]"), null),
                new DeclaredColumn("all", JsonPath.Parse("tags"), ColumnType.Json),
            ],
        };
        using var batch = new RecordBatch(schema);
        batch.Add("""{"meta":{"id":1},"address":{"city":"K\u00f6ln"},"tags":["a",2]}""").ShouldBeNull();
        batch.Add("""{"meta":{"id":2},"address":null,"tags":[]}""").ShouldBeNull();
        batch.Show("key").ShouldBe("Integer 1");
        batch.Show("city").ShouldBe("Text Köln");
        batch.Show("city", 1).ShouldBe("Absent");
        batch.Show("first").ShouldBe("Text a");
        batch.Show("first", 1).ShouldBe("Absent");
        batch.Show("all").ShouldBe("""Json ["a",2]""");
        batch.Add("""{"meta":{}}""").ShouldBe("the record has no value in 'key', which is part of the primary key");
        batch.Add("""{"meta":{"id":3},"address":{"city":"\ud800"}}""").ShouldNotBeNull().ShouldStartWith("a text in the record can't be read: ");
        batch.Count.ShouldBe(2);
    }

    private static RecordBatch Of(ColumnType type) => new(new BatchSchema { Columns = [new DeclaredColumn("a", null, type)] });
}
