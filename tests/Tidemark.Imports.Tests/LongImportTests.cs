using System.Diagnostics;
using System.Text.Json;
using Xunit.Abstractions;

namespace Tidemark.Imports.Tests;

/// <summary>Fifteen days of 35 000 companies: see <see cref="LongImport"/>.</summary>
public sealed class LongImportTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Pools keep one array of each size, the largest of which holds a batch.</summary>
    private const long LargestArray = 8 * 1024 * 1024;

    private static readonly Dictionary<string, string> Pools = new(StringComparer.Ordinal)
    {
        // Pools of arrays forget by the real clock, in which a day is a few seconds here: they keep as little as they can, and give it back when memory is scarce, which it always is.
        ["DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXPARTITIONCOUNT"] = "1",
        ["DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION"] = "1",
        ["DOTNET_GCHighMemPercent"] = "1",
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    [Trait("guarantee", "G100")]
    public async Task Register_comes_in_by_the_budget_of_each_day_with_no_call_refused_and_flat_memory()
    {
        var days = await RunAsync();

        days.Count.ShouldBe(LongImport.Days);
        foreach (var (i, day) in days.Index())
        {
            day.Status.ShouldStartWith("Parked: the quota 'insee' asks to wait ");
            day.Status.ShouldEndWith(": the budget of 35000 records per 1d (UTC) is spent");
            (day.ParkedUntil, day.Kept, day.Read).ShouldBe((new DateTimeOffset(2026, 1, 11, 0, 0, 0, TimeSpan.Zero).AddDays(i), LongImport.PerDay, LongImport.PerDay));
        }
        var (second, last) = (days[1], days[^1]);
        (last.Refused, last.MostInMinute).ShouldBe((0, LongImport.PerMinute));
        // 525 000 records in pages of 960, and each page that a day's end has cut once more.
        last.Calls.ShouldBeInRange(547, 547 + LongImport.Days);
        last.Committed.ShouldBeLessThan(250_000_000);
        ((double)last.Small).ShouldBe(second.Small, 0.05 * second.Small);
        ((double)last.Held).ShouldBe(second.Held, (0.05 * second.Held) + LargestArray);
    }

    private async Task<List<DayResult>> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(LongImportTests).Assembly.Location, _directory]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Pools) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var days = new List<DayResult>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.WriteLine(line);
            days.Add(JsonSerializer.Deserialize<DayResult>(line)!);
        }
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await errors);
        return days;
    }
}
