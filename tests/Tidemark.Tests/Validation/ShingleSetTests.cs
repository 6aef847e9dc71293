using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tidemark.Tests.Validation;

public sealed class ShingleSetTests
{
    private static readonly string[] Words = ["a", "B", "b", "Été", "été", "42", "x1", "水", "💧", "ǅ", "don't"];
    private static readonly string[] Between = [" ", "  ", ", ", "-", "\n", "…", "💧", "_"];

    [Fact]
    public void Similarity_is_that_of_a_naive_model_for_any_two_texts()
    {
        var word = Gen.Elements(Words).SelectMany(_ => Gen.Elements(Between), (w, b) => w + b);
        var text = Gen.Choose(0, 12).SelectMany(count => word.ListOf(count)).Select(string.Concat);
        var similar = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(text.Zip(text).ToArbitrary(), pair =>
        {
            var expected = Naive(pair.Item1, pair.Item2);
            if (expected is > 0 and < 1) similar++;
            Of(pair.Item1).Similarity(Of(pair.Item2)).ShouldBe(expected);
        }));
        similar.ShouldBeGreaterThan(100, "texts that are either the same or have nothing in common prove little");
    }

    [Theory]
    [InlineData("one two three", "one two three", 1)]
    [InlineData("one two three four", "one two three five", 1.0 / 3)]
    [InlineData("one two", "two one", 1)]
    [InlineData("one two", "one", 0.5)]
    [InlineData("one one", "one", 1)]
    [InlineData("one two", "one two three", 0)]
    [InlineData("a b c a b c a b c", "a b c a b", 1)]
    [InlineData("", "", 0)]
    [InlineData("!?", "", 0)]
    public void Similarity_of_small_texts_can_be_counted_by_hand(string one, string other, double similarity) => Of(one).Similarity(Of(other)).ShouldBe(similarity);

    [Fact]
    public void Set_that_is_used_again_forgets_the_text_before()
    {
        var set = Of(string.Join(' ', Enumerable.Range(0, 1000)));
        set.Read("one two three"u8);
        set.Similarity(Of("one two three")).ShouldBe(1);
    }

    private static Tidemark.Validation.ShingleSet Of(string text)
    {
        var set = new Tidemark.Validation.ShingleSet();
        set.Read(Encoding.UTF8.GetBytes(text));
        return set;
    }

    private static double Naive(string one, string other)
    {
        var (a, b) = (Shingles(one), Shingles(other));
        return a.Count + b.Count == 0 ? 0 : (double)a.Intersect(b, StringComparer.Ordinal).Count() / a.Union(b, StringComparer.Ordinal).Count();
    }

    private static HashSet<string> Shingles(string text)
    {
        var words = string.Concat(text.EnumerateRunes().Select(r => Rune.IsLetterOrDigit(r) ? Rune.ToLowerInvariant(r).ToString() : " ")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < 3 ? [.. words] : [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words[i..(i + 3)]))];
    }
}
