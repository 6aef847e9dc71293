using System.Text;
using Microsoft.Data.Sqlite;
using Tidemark.Server.Pushing;
using Tidemark.Server.Tests.Support;
using Tidemark.Serving;

namespace Tidemark.Server.Tests.Pushing;

public sealed class OverloadTests
{
    [Fact]
    [Trait("guarantee", "G139")]
    public async Task Callers_beyond_the_bound_are_told_to_come_again_and_every_200_is_in_the_database()
    {
        await using var scene = await PushScene.StartAsync("{ max_waiting_records: 300 }");
        (await scene.SendAsync(HttpMethod.Post, PushScene.Records, "{\"id\":-1,\"name\":\"n\"}")).Status.ShouldBe(200);
        List<Task<Answer>> posts;
        await using (var writer = new SqliteConnection($"Data Source={scene["out.db"]};Pooling=False"))
        {
            await writer.OpenAsync();
            // Somebody else holds the database: nothing is written until that ends.
            await using var transaction = writer.BeginTransaction(deferred: false);
            posts = [.. Enumerable.Range(0, 64).Select(i => scene.SendAsync(Encoding.UTF8.GetBytes(PushScene.Rows(i * 100, 100)), "application/x-ndjson", coding: null))];
            while (posts.Count(p => p.IsCompleted) < 61) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
        var answers = await Task.WhenAll(posts);
        answers.Count(a => a.Status == 200).ShouldBe(3);
        foreach (var refused in answers.Where(a => a.Status != 200)) (refused.Code, refused.Header("Retry-After")).ShouldBe(("too_much", "2"));
        PushScene.Scalar(scene, "select count(*) from items").ShouldBe(301);
    }

    [Fact]
    public async Task Part_that_has_begun_waits_for_room_and_one_that_is_alone_always_has_it()
    {
        var admission = new Admission(new ServerDefinition { MaxWaitingSize = 100, MaxWaitingRecords = 10 });
        var first = await admission.EnterAsync(500, isFirst: true, default);
        (await Should.ThrowAsync<Answers.ProblemException>(() => admission.EnterAsync(1, isFirst: true, default))).Problem.Status.ShouldBe(429);
        var second = admission.EnterAsync(50, isFirst: false, default);
        second.IsCompleted.ShouldBeFalse();
        await first.SetAsync(500, 20, isFirst: true, default);
        first.Dispose();
        using var held = await second;
        admission.Bytes.ShouldBe(50);
        using var other = await admission.EnterAsync(50, isFirst: true, default);
        await other.SetAsync(50, 5, isFirst: true, default);
        (await Should.ThrowAsync<Answers.ProblemException>(() => held.SetAsync(50, 6, isFirst: true, default))).Problem.RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
        using var stop = new CancellationTokenSource();
        var waiting = held.SetAsync(50, 6, isFirst: false, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }
}
