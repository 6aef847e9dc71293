using System.CommandLine;
using Tidemark.Cli.Hosting;
using Tidemark.Definitions;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Cli.Commands;

internal static class SimulateCommand
{
    private static readonly Argument<string> SimulatorName = new("NAME") { Description = "Which API." };
    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0: a free one.", HelpName = "N" };
    private static readonly Option<int> Scale = new("--scale") { Description = "Multiplies the data.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed gives the same data.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<string?> Interval = new("--interval") { Description = "Shortens the window of the quota that it enforces.", HelpName = "2s" };
    private static readonly Option<bool> Throttle = new("--cost-throttling") { Description = "Throttles by query cost, as some GraphQL APIs do." };

    public static Command Create()
    {
        var command = new Command("simulate", $"Run one of the simulated APIs alone: {string.Join(", ", SimulatorCatalog.Names)}. The first line is its address.") { SimulatorName, Port, Scale, Seed, Interval, Throttle }.WithExamples("""
            tidemark simulate crm --port 9000
            curl -X POST 'http://127.0.0.1:9000/_sim/advance?to=day'
            """);
        command.SetBody(async (arguments, _, stopping) =>
        {
            var name = arguments.GetValue(SimulatorName)!;
            if (!SimulatorCatalog.Names.Contains(name, StringComparer.Ordinal))
                throw new UserErrorException($"no simulator is called '{name}'{NearestName.Hint(name, [.. SimulatorCatalog.Names])}");
            if (arguments.GetValue(Port) is < 0 or > 65535) throw new UserErrorException($"found --port {arguments.GetValue(Port)}, expected 0 to 65535");
            await using var simulator = await StartAsync(name, new SimulatorOptions
            {
                Port = arguments.GetValue(Port),
                Scale = arguments.GetValue(Scale),
                Seed = arguments.GetValue(Seed),
                Interval = IntervalOf(arguments.GetValue(Interval)),
                CostThrottling = arguments.GetValue(Throttle),
            }, stopping);
            Console.Out.WriteLine(simulator.Address.ToString().TrimEnd('/'));
            await Console.Out.FlushAsync(CancellationToken.None);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            }
            catch (OperationCanceledException)
            {
                // Asked to stop: that is how a server ends.
            }
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<RunningSimulator> StartAsync(string name, SimulatorOptions options, CancellationToken stopping)
    {
        try
        {
            return await RunningSimulator.StartAsync(name, options, stopping);
        }
        catch (IOException e)
        {
            throw new UserErrorException($"can't listen on port {options.Port}: {e.Message}");
        }
    }

    private static TimeSpan? IntervalOf(string? text) =>
        text is null ? null : Durations.TryParse(text, out var value) && value > TimeSpan.Zero ? value : throw new UserErrorException($"found --interval {text}, expected a duration such as 2s");
}
