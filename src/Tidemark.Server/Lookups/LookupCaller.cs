using System.Buffers;
using System.Text.Json;
using Tidemark.Lookups;
using Tidemark.Lookups.Asking;
using Tidemark.Lookups.Keys;
using Tidemark.Server.Answers;
using Tidemark.Server.Bodies;
using Tidemark.Server.Hosting;

namespace Tidemark.Server.Lookups;

/// <summary>Answers the callers of one lookup.</summary>
internal sealed class LookupCaller(ServerState state, Lookup lookup)
{
    private const int MaxKeys = 10_000;
    private const int MaxBody = 8 << 20;

    /// <summary>One key, its parameters in the query.</summary>
    public Task GetAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var key = Asked(() => lookup.KeyOf(query.SelectMany(q => q.Value.Select(v => new KeyValuePair<string, string>(q.Key, v ?? "")))), context);
        return AnswerAsync(context, key);
    }

    /// <summary>One key as a JSON object of parameters, or several as a list of these.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (RequestBody.FormatOf(context.Request) != BodyFormat.Json) throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "found lines of JSON, expected application/json: an object of parameters, or a list of these");
        if (context.Request.Query.Count > 0) throw new ProblemException(StatusCodes.Status400BadRequest, "bad_request", "found parameters in the query of a POST, expected them in its body");
        using var document = await ReadAsync(context);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Array)
        {
            await AnswerAsync(context, Asked(() => lookup.KeyOf(root), context));
            return;
        }
        if (root.GetArrayLength() > MaxKeys) throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "too_many_keys", $"found {root.GetArrayLength()} keys, expected at most {MaxKeys} in one call");
        var keys = root.EnumerateArray().Select((item, index) => Asked(() => lookup.KeyOf(item), context, index)).ToList();
        var answers = await lookup.GetAsync(keys, context.RequestAborted);
        var request = RequestOf(context);
        foreach (var (key, answer) in keys.Zip(answers).Where(a => a.Second.Problem is null)) lookup.AddHistory(key, answer, request);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var answer in answers) LookupAnswerJson.Write(json, answer);
            json.WriteEndArray();
        });
    }

    private async Task AnswerAsync(HttpContext context, LookupKey key)
    {
        LookupAnswer answer;
        try
        {
            answer = await lookup.GetAsync(key, context.RequestAborted);
        }
        catch (LookupException e)
        {
            throw new ProblemException(LookupAnswerJson.ProblemOf(e, state.Setup.Time.GetUtcNow()), e);
        }
        lookup.AddHistory(key, answer, RequestOf(context));
        CacheHeaders.Set(context.Response.Headers, answer, state.Setup.Time.GetUtcNow());
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => LookupAnswerJson.Write(json, answer));
    }

    private LookupKey Asked(Func<LookupKey> read, HttpContext context, int? index = null)
    {
        try
        {
            var key = read();
            lookup.CheckHistory(key, RequestOf(context));
            return key;
        }
        catch (LookupInputException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, "bad_parameter", index is { } at ? $"item {at}: {e.Message}" : e.Message, e);
        }
    }

    private static LookupRequest RequestOf(HttpContext context) => new(name => context.Request.Headers.TryGetValue(name, out var value) && value.Count > 0 ? value.ToString() : null);

    private async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        await using var body = RequestBody.Open(context, state.Setup.Pipeline.Server, state.Setup.Time);
        var bytes = new ArrayBufferWriter<byte>();
        while (await body.ReadAsync(bytes.GetMemory(16 << 10), context.RequestAborted) is > 0 and var read)
        {
            bytes.Advance(read);
            if (bytes.WrittenCount > MaxBody) throw new ProblemException(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"the body is larger than {MaxBody >> 20} MiB");
        }
        try
        {
            return JsonDocument.Parse(bytes.WrittenMemory, new JsonDocumentOptions { MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, "broken_json", $"the body is not JSON: {e.Message.Split(" LineNumber:")[0]}", e);
        }
    }
}
