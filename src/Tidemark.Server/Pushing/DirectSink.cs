using Tidemark.Destinations;
using Tidemark.Pushing;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Pushing;

/// <summary>Writes parts into the destination; the answer says what became of them.</summary>
internal sealed class DirectSink(ServerState state, PushLine line, PostKey? key, string batchId) : IPostSink
{
    private readonly PostTally _tally = new();

    public async Task TakeAsync(RecordPart part, ReadOnlyMemory<byte> request, int number, CancellationToken cancellationToken)
    {
        var maxRecord = state.Setup.Pipeline.Server.MaxRecordSize;
        var post = new Post(part.Bytes, part.Records)
        {
            Request = request,
            Key = key is { } known ? new IdempotencyKey(known.Scope, known.Key, PayloadHash.Of(request, part), number) : null,
            Store = key is null ? null : answer => PartOutcome.Of(answer, part, batchId, maxRecord).Stored(),
        };
        var answer = await line.Writer.WriteAsync(post, cancellationToken);
        if (answer.Status is not (PostStatus.Written or PostStatus.Replayed)) throw new ProblemException(PostProblem.Of(answer));
        var outcome = answer.Status == PostStatus.Replayed ? PartOutcome.Read(answer.Stored) : PartOutcome.Of(answer, part, batchId, maxRecord);
        _tally.Add(outcome, answer.Status == PostStatus.Replayed);
        if (answer.Status == PostStatus.Written) line.Count(outcome);
    }

    public Task AnswerAsync(HttpContext context)
    {
        if (_tally.IsReplayed) context.Response.Headers["Idempotency-Replayed"] = "true";
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => _tally.Write(json, line.Answer));
    }

    // What is on disk stays: whoever sends the rest, or all again with the same key, needs to know.
    public Problem Told(Problem problem) => _tally.Received == 0 ? problem : problem with
    {
        Detail = $"{problem.Detail}; the first {_tally.Received} records are done",
        Members = json =>
        {
            json.WriteStartObject("done");
            _tally.WriteCounts(json);
            json.WriteEndObject();
        },
    };

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
