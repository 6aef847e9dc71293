using System.Text;
using Tidemark.Enrichment;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Enrichment;

public sealed class QuestionMakerTests
{
    [Theory]
    [InlineData(3, "a b c d e f g", "abc def g")]
    [InlineData(3, "a b c", "abc")]
    [InlineData(1, "a b", "a b")]
    [InlineData(3, "", "")]
    // Of one key, two could not be told apart in one answer.
    [InlineData(3, "a a b c d", "a abc d")]
    [InlineData(2, "a b b a", "ab ba")]
    public void Groups_keep_the_order_their_size_and_one_key_each(int size, string keys, string expected)
    {
        var questions = keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(k => new Question(k, new Dictionary<string, string>(StringComparer.Ordinal), k));
        string.Join(' ', Of(size).GroupsOf(questions).Select(g => string.Concat(g.Select(q => q.Key)))).ShouldBe(expected);
    }

    [Fact]
    public void Question_knows_the_fields_in_the_request_and_its_key()
    {
        var question = Of(2, "id").About("""{"id":7,"name":"x","other":1}"""u8)!;
        question.Fields.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = "7", ["name"] = "x" }, ignoreOrder: true);
        question.Key.ShouldBe("7");
        question.Id.ShouldBe(Of(50, "id").About("""{"name":"x","id":"7"}"""u8)!.Id);
        Of(2, "id").About("""{"id":8,"name":"x"}"""u8)!.Id.ShouldNotBe(question.Id, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"id":null,"name":"x"}""")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    public void Nobody_is_asked_about_what_no_answer_could_be_matched_to(string record) => Of(2, "id").About(Encoding.UTF8.GetBytes(record)).ShouldBeNull();

    private static QuestionMaker Of(int group, string? key = null) => new(new EnrichmentDefinition
    {
        Source = "reviews",
        Request = new FakeRequest("{{ record.id }}", "{{ record.name }}"),
        Fingerprint = "f",
        Into = "review",
        Group = group,
        Match = key is null ? null : new EnrichmentMatch(key, "id"),
    });
}
