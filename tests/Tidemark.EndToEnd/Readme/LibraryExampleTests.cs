using MyMirror;
using Tidemark.EndToEnd.Support;
using Tidemark.Runs;
using Tidemark.Simulators;
using Tidemark.Telemetry;

namespace Tidemark.EndToEnd.Readme;

/// <summary>The README's C# example is this project's code, and it does what it says.</summary>
public sealed class LibraryExampleTests
{
    [Fact]
    public void Readme_shows_the_code_that_is_compiled_here()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Tidemark.EndToEnd", "Readme", "LibraryExample.cs"));
        var code = source.Split("#region readme\n")[1].Split("#endregion")[0];
        File.ReadAllText(Path.Combine(Repository.Root, "README.md")).ShouldContain($"```csharp\n{code}```");
    }

    [Fact]
    public async Task Example_mirrors_the_communes_and_takes_only_what_changed_the_second_time()
    {
        await using var simulator = await RunningSimulator.StartAsync("communes", new SimulatorOptions(), CancellationToken.None);
        using var directory = new TempDirectory();

        var first = await Communes.MirrorAsync(simulator.Address, directory["communes.db"], CancellationToken.None);
        await simulator.AdvanceAsync("day");
        var second = await Communes.MirrorAsync(simulator.Address, directory["communes.db"], CancellationToken.None);

        first.Status.ShouldBe(RunStatus.Succeeded, string.Join(' ', first.Streams.Select(s => s.Error)));
        first.Total(Counter.Inserted).ShouldBe(34_969);
        second.Total(Counter.Updated).ShouldBe(62);
        second.Total(Counter.Inserted).ShouldBe(0);
        Truth.Differences(await Truth.RecordsAsync(simulator, "communes"), directory["communes.db"], "communes", "code").ShouldBeEmpty();
    }
}
