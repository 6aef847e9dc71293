using System.Text;
using Tidemark.Enrichment;
using Tidemark.Tests.Support;

namespace Tidemark.Tests.Enrichment;

public sealed class AnswerMatchingTests
{
    [Theory]
    // By a field: in any order; none, one that nobody asked for, one without the field, one that is no object, one twice.
    [InlineData("id", "a b", """{"id":"b","n":1} {"id":"a","n":2}""", """{"id":"a","n":2} {"id":"b","n":1}""")]
    [InlineData("id", "a b", """{"id":"b"}""", """null {"id":"b"}""")]
    [InlineData("id", "a b", "", "null null")]
    [InlineData("id", "a", """{"id":"z"} {"n":1} 5 "a" {"id":"a"}""", """{"id":"a"}""")]
    [InlineData("id", "a", """{"id":"a","n":1} {"id":"a","n":2}""", """{"id":"a","n":1}""")]
    [InlineData("of.id", "7", """{"of":{"id":7}}""", """{"of":{"id":7}}""")]
    // By order: as many as were asked about, or nobody can tell.
    [InlineData(null, "a b", "1 2", "1 2")]
    [InlineData(null, "a b", "1", null)]
    [InlineData(null, "a b", "1 2 3", null)]
    [InlineData(null, "a", "1 2", "1")]
    [InlineData(null, "a", "", "null")]
    public void Answers_find_their_questions(string? field, string keys, string answers, string? expected)
    {
        var questions = keys.Split(' ').Select(k => new Question(k, new Dictionary<string, string>(StringComparer.Ordinal), k)).ToList();
        using var page = FakeSource.PageOf(null, null, answers.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var found = new AnswerMatching(field is null ? null : new EnrichmentMatch("key", field)).Of(questions, page);
        (found is null ? null : string.Join(' ', found.Select(f => Encoding.UTF8.GetString(f.Span)))).ShouldBe(expected);
    }
}
