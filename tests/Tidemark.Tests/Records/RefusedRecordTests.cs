using System.Text;
using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class RefusedRecordTests
{
    [Theory]
    [InlineData("[1]", "found a list, expected an object")]
    [InlineData("\"x\"", "found a text, expected an object")]
    [InlineData("1", "found a number, expected an object")]
    [InlineData("null", "found null, expected an object")]
    [InlineData("true", "found true, expected an object")]
    public void Record_that_is_no_object_is_refused(string json, string expected) => Refused(json).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"id\":1")]
    [InlineData("{\"id\":01}")]
    [InlineData("{\"id\":1,}")]
    [InlineData("{'id':1}")]
    [InlineData("{\"id\":NaN}")]
    [InlineData("{\"id\":1,\"t\":\"a\nb\"}")]
    [InlineData("{\"id\":1}{\"id\":2}")]
    [InlineData("{\"id\":1} x")]
    public void Record_that_is_not_whole_json_is_refused(string json) => Refused(json).ShouldStartWith("the record is not JSON: ");

    [Fact]
    public void White_space_behind_a_record_is_no_harm()
    {
        using var batch = Cells.Batch("{\"id\":1} \r\n\t");
        batch.Count.ShouldBe(1);
    }

    [Fact]
    public void Record_that_is_not_utf8_is_refused()
    {
        using var batch = new RecordBatch(new BatchSchema());
        batch.Add([(byte)'{', (byte)'"', (byte)'a', (byte)'"', (byte)':', (byte)'"', 0xFF, (byte)'"', (byte)'}']).ShouldBe("the record is not valid UTF-8");
    }

    [Theory]
    [InlineData("""{"id":1,"a":"\ud800"}""")]
    [InlineData("""{"id":1,"a":"\udc00x"}""")]
    [InlineData("""{"id":1,"\ud800":1}""")]
    public void Half_a_surrogate_pair_is_refused(string json) => Refused(json).ShouldStartWith("a text in the record can't be read: ");

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_and_up_to_it_taken()
    {
        string Nested(int depth) => "{\"id\":1,\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        using var batch = Cells.Batch(Nested(JsonPath.MaxDepth));
        Refused(Nested(JsonPath.MaxDepth + 1)).ShouldStartWith("the record is not JSON: ");
    }

    [Theory]
    [InlineData("""{"other":1}""")]
    [InlineData("""{"id":null}""")]
    [InlineData("{}")]
    public void Record_without_its_key_is_refused(string json) => Refused(json).ShouldBe("the record has no value in 'id', which is part of the primary key");

    [Fact]
    public void Each_part_of_a_key_must_be_there()
    {
        using var batch = new RecordBatch(new BatchSchema { PrimaryKey = ["a", "b"] });
        batch.Add("""{"a":1,"b":2}""").ShouldBeNull();
        batch.Add("""{"a":1}""").ShouldBe("the record has no value in 'b', which is part of the primary key");
        batch.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"new":"x"}""")]
    [InlineData("""{"a":"text","b":[1],"new":1.5}""")]
    [InlineData("""{"id":9,"a":"\u0041","b":"\ud800"}""")]
    [InlineData("""{"id":9,"a":{"b":1},"n":"no number"}""")]
    [InlineData("""{"id":9,"a":"x","a":3""")]
    [InlineData("not JSON")]
    public void Refused_record_leaves_the_batch_as_before(string bad)
    {
        using var batch = new RecordBatch(new BatchSchema { PrimaryKey = ["id"], Columns = [new DeclaredColumn("n", null, ColumnType.Bigint)] });
        batch.Add("""{"id":1,"a":1,"b":"\u0042"}""").ShouldBeNull();
        var before = batch.Everything();
        batch.Add(bad).ShouldNotBeNull();
        batch.Everything().ShouldBe(before);
        batch.Add("""{"id":2,"b":"c"}""").ShouldBeNull();
        batch.Show("a", 1).ShouldBe("Absent");
        batch.Column("a").Type.ShouldBe(ColumnType.Bigint);
        batch.Columns.Where(c => c.Type is not null && c.Declared is null).Select(c => c.Field).ShouldBe(["id", "a", "b"]);
        Encoding.UTF8.GetString(batch.Payload(1)).ShouldBe("""{"id":2,"b":"c"}""");
    }

    private static string Refused(string json)
    {
        using var batch = new RecordBatch(new BatchSchema { PrimaryKey = ["id"] });
        var wrong = batch.Add(json).ShouldNotBeNull();
        batch.Count.ShouldBe(0);
        batch.ByteSize.ShouldBe(0);
        return wrong;
    }
}
