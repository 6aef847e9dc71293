using System.Text;
using System.Text.Json;
using Tidemark.MongoDb.Bson;
using Tidemark.MongoDb.Values;

namespace Tidemark.MongoDb.Tests.Values;

public sealed class NestedEncoderTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"b":2,"a":3}""")]
    [InlineData("""{"a":{"x":"long","x":{"y":1,"y":[]}},"z":0}""", """{"a":{"x":{"y":[]}},"z":0}""")]
    [InlineData("""[{"a":1,"a":null},{"a":2}]""", """[{"a":null},{"a":2}]""")]
    [InlineData("""{"\u0061":1,"a":2,"":3,"":4}""", """{"a":2,"":4}""")]
    [InlineData("""{"ab":1,"ba":2}""", """{"ab":1,"ba":2}""")]
    public void Of_a_name_that_comes_twice_inside_an_object_the_last_value_counts(string json, string stored) => StoredOf(json).ShouldBe(stored);

    [Fact]
    public void Objects_of_many_names_have_each_name_once()
    {
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var fields = Enumerable.Range(0, random.Next(80)).Select(i => (Name: new string((char)('a' + random.Next(8)), random.Next(12)), Value: i)).ToList();
            var stored = JsonSerializer.Deserialize<Dictionary<string, int>>(StoredOf($"{{{string.Join(',', fields.Select(f => $"\"{f.Name}\":{f.Value}"))}}}"))!;
            stored.ShouldBe(fields.GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal), ignoreOrder: true);
        }
    }

    private static string StoredOf(string json)
    {
        var document = BsonWriter.Document(w => NestedEncoder.Write(w, "v"u8, Encoding.UTF8.GetBytes(json)).ShouldBeNull());
        return BsonText.Of(BsonReader.Find(document, "v"u8))!;
    }
}
