using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Tidemark.Server.Answers;

/// <summary>Why a request failed as a whole, told as RFC 9457 has it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Code">A word for programs: <c>unknown_stream</c>.</param>
/// <param name="Detail">For people: what was found, what was expected, what to do.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>When the caller should come again; sent in whole seconds, rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Headers beside it.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Members beside it.</summary>
    public Action<Utf8JsonWriter>? Members { get; init; }

    /// <summary>Sends it; nothing may have been sent before.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.Clear();
        foreach (var (name, value) in Headers) context.Response.Headers[name] = value;
        if (RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return JsonAnswer.WriteAsync(context, Status, "application/problem+json", json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status) is { Length: > 0 } title ? title : "Error");
            json.WriteNumber("status", Status);
            json.WriteString("code", Code);
            json.WriteString("detail", Detail);
            Members?.Invoke(json);
            json.WriteEndObject();
        });
    }
}
