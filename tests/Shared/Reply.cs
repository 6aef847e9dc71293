using System.Text;

namespace Tidemark.Tests.Shared;

/// <summary>An answer of the scripted server.</summary>
internal sealed record Reply
{
    public int Status { get; init; } = 200;

    public byte[] Body { get; init; } = [];

    public string? ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Bytes after which the connection is cut; null: the whole body is sent.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Waited for before anything is sent.</summary>
    public Task Hold { get; init; } = Task.CompletedTask;

    public static Reply Json(string json, params (string Name, string Value)[] headers) => new() { Body = Encoding.UTF8.GetBytes(json), Headers = headers };

    public static Reply Of(int status, string body = "{}", params (string Name, string Value)[] headers) => Json(body, headers) with { Status = status };
}
