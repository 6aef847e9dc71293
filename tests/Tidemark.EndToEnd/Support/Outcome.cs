using System.Text.Json;

namespace Tidemark.EndToEnd.Support;

/// <summary>What a command left, with its run report where it printed one.</summary>
internal sealed class Outcome(ToolResult result)
{
    private JsonElement? _report;

    public int ExitCode => result.ExitCode;

    public string Output => result.Output;

    public string Error => result.Error;

    /// <summary>Standard output, which must be exactly one JSON document.</summary>
    public JsonElement Report => _report ??= JsonDocument.Parse(result.Output).RootElement;

    public IReadOnlyList<string> Warnings => [.. Report.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!)];

    /// <summary>Checks the exit code, and shows everything if it is another.</summary>
    public Outcome Exits(int code)
    {
        result.ExitCode.ShouldBe(code, $"{result.Output}\n{result.Error}");
        return this;
    }

    public JsonElement Stream(string name = Scene.Stream) =>
        Report.GetProperty("streams").EnumerateArray().Single(s => string.Equals(s.GetProperty("stream").GetString(), name, StringComparison.Ordinal));

    /// <summary>Why a stream failed or was parked.</summary>
    public string StreamError(string name = Scene.Stream) => Stream(name).GetProperty("error").GetString()!;

    public string Status(string name = Scene.Stream) => Stream(name).GetProperty("status").GetString()!;

    public long Count(string counter, string name = Scene.Stream) => Stream(name).GetProperty(counter).GetInt64();

    /// <summary>Checks that a text for people has all of these words.</summary>
    public static void Says(string text, params string[] words)
    {
        foreach (var word in words) text.ShouldContain(word, Case.Sensitive);
    }
}
