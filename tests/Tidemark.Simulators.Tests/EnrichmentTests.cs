using System.Net;
using System.Text;
using System.Text.Json;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Traffic;
using Tidemark.Tests.Support;

namespace Tidemark.Simulators.Tests;

public sealed class EnrichmentTests
{
    private static readonly SimulatorOptions AtOnce = new() { Delay = default(DelayRange) };

    [Fact]
    public async Task Good_reviews_speak_of_the_company_and_are_all_different()
    {
        await using var service = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0 });
        var shingles = new List<HashSet<string>>();
        for (var i = 0; i < 300; i++)
        {
            var review = Review((await GenerateAsync(service, Company(i))).Body);
            review.ShouldContain($"COMPANY {i} ");
            review.ShouldContain("VILLEJUIF");
            review.Length.ShouldBeGreaterThan(200);
            shingles.Add(Shingles(review));
        }

        // Far below the likeness at which a validator calls two texts the same.
        for (var i = 0; i < shingles.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var shared = shingles[i].Intersect(shingles[j], StringComparer.Ordinal).Count();
                (shared / (double)(shingles[i].Count + shingles[j].Count - shared)).ShouldBeLessThan(0.5);
            }
        }
    }

    [Fact]
    public async Task Share_of_rubbish_is_of_every_sort_and_counted()
    {
        await using var service = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0.5 });
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var copies = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 1000; i++)
        {
            var (status, body) = await GenerateAsync(service, Company(i));
            var sort = Sort(status, body);
            if (sort == "copied")
                copies.Add(body);
            seen[sort] = seen.GetValueOrDefault(sort) + 1;
        }

        seen["good"].ShouldBeInRange(440, 560);
        seen.Keys.ShouldBe(["good", "empty", "too_short", "copied", "not_json", "failed"], ignoreOrder: true);
        seen.Where(one => one.Key != "good").ShouldAllBe(one => one.Value >= 60 && one.Value <= 140);
        copies.Count.ShouldBe(1);

        var counted = await service.GetAsync("/_sim/reviews");
        counted.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt32(), StringComparer.Ordinal).ShouldBe(seen, ignoreOrder: true);
        (await service.PostAsync("/_sim/reset")).EnsureSuccessStatusCode();
        (await service.GetAsync("/_sim/reviews")).GetProperty("good").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Answer_depends_on_seed_and_body_only()
    {
        await using var first = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0.3 });
        await using var second = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0.3 });
        await using var other = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0.3, Seed = 2 });
        var same = 0;
        for (var i = 0; i < 50; i++)
        {
            var answer = await GenerateAsync(first, Company(i));
            (await GenerateAsync(second, Company(i))).ShouldBe(answer);
            (await GenerateAsync(second, Company(i))).ShouldBe(answer);
            same += await GenerateAsync(other, Company(i)) == answer ? 1 : 0;
        }

        same.ShouldBeLessThan(25);
    }

    [Fact]
    public async Task Group_gets_in_its_order_what_each_would_have_got_alone()
    {
        await using var service = await Client.StartAsync("enrichment", AtOnce with { Rubbish = 0.5 });
        var companies = Enumerable.Range(0, 100).Select(i => $$"""{"id":"{{i}}","name":"COMPANY {{i}} "}""").ToList();
        var (_, all) = await GenerateAsync(service, $"[{string.Join(',', companies)}]");
        var answers = JsonDocument.Parse(all).RootElement.EnumerateArray().ToList();
        answers.Count.ShouldBe(100);
        var sorts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            var (status, body) = await GenerateAsync(service, companies[i]);
            var sort = Sort(status, body);
            sorts.Add(sort);
            if (sort == "not_json")
            {
                answers[i].ValueKind.ShouldBe(JsonValueKind.String);
                continue;
            }
            answers[i].GetProperty("id").GetString().ShouldBe($"{i}");
            if (sort == "failed") answers[i].TryGetProperty("error", out _).ShouldBeTrue();
            else answers[i].GetProperty("review").GetString().ShouldBe(Review(body));
        }
        sorts.Count.ShouldBe(6);
        service.Simulator.Calls.Total.ShouldBe(101);
    }

    [Fact]
    public async Task Usual_answer_takes_two_to_five_seconds()
    {
        var clock = new ManualTime();
        await using var service = await Client.StartAsync("enrichment", new() { Time = clock });
        var began = clock.GetUtcNow();
        var answer = GenerateAsync(service, Company(1));
        await clock.DriveAsync(answer);
        (clock.GetUtcNow() - began).ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        service.Simulator.Calls.MostAtOnce.ShouldBe(1);
    }

    [Fact]
    public async Task Body_that_is_no_json_is_refused_and_records_there_are_none()
    {
        await using var service = await Client.StartAsync("enrichment", AtOnce);
        (await GenerateAsync(service, "{")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await service.Http.GetAsync("/_sim/records/reviews")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.PostAsync("/_sim/fault?kind=503")).EnsureSuccessStatusCode();
        (await GenerateAsync(service, Company(1))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static string Company(int number) =>
        $$$"""{"siret":"{{{number}}}","uniteLegale":{"denominationUniteLegale":"COMPANY {{{number}}} "},"adresseEtablissement":{"codeCommuneEtablissement":"94076","libelleCommuneEtablissement":"VILLEJUIF"}}""";

    private static async Task<(HttpStatusCode Status, string Body)> GenerateAsync(Client client, string company)
    {
        using var content = new StringContent(company, Encoding.UTF8, "application/json");
        using var response = await client.Http.PostAsync("/generate", content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Sort(HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.InternalServerError)
            return "failed";
        if (!body.StartsWith('{'))
            return "not_json";
        var review = Review(body);
        return review.Length == 0 ? "empty" : review.Length < 20 ? "too_short" : review.Contains("COMPANY", StringComparison.Ordinal) ? "good" : "copied";
    }

    private static string Review(string body) => JsonDocument.Parse(body).RootElement.GetProperty("review").GetString()!;

    private static HashSet<string> Shingles(string text)
    {
        var words = text.Split(' ');
        return [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words, i, 3))];
    }
}
