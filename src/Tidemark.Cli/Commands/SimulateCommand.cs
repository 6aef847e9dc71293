using System.CommandLine;
using System.Globalization;
using Tidemark.Cli.Hosting;
using Tidemark.Definitions;
using Tidemark.Simulators;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Traffic;

namespace Tidemark.Cli.Commands;

internal static class SimulateCommand
{
    private static readonly Argument<string> SimulatorName = new("NAME") { Description = "Which API." };
    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0: a free one.", HelpName = "N" };
    private static readonly Option<int> Scale = new("--scale") { Description = "Multiplies the data.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed gives the same data.", DefaultValueFactory = _ => 1, HelpName = "N" };
    private static readonly Option<string?> Interval = new("--interval") { Description = "Shortens the window of the quota that it enforces.", HelpName = "2s" };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Calls that it allows in an interval; 0: any number.", HelpName = "N" };
    private static readonly Option<string> Limiter = new("--limiter") { Description = "How it counts them: fixed, sliding or bucket.", DefaultValueFactory = _ => "fixed", HelpName = "KIND" };
    private static readonly Option<bool> RetryAfter = new("--retry-after") { Description = "Tells a refused call by Retry-After when to come back." };
    private static readonly Option<string?> Delay = new("--delay") { Description = "Holds each answer back for a random time of this range.", HelpName = "0-3s" };
    private static readonly Option<string?> Key = new("--key") { Description = "The only API key that it takes (sirene).", HelpName = "KEY" };
    private static readonly Option<string> Rubbish = new("--rubbish") { Description = "Share of answers that are of no use (enrichment).", DefaultValueFactory = _ => "5%", HelpName = "5%" };
    private static readonly Option<bool> Throttle = new("--cost-throttling") { Description = "Throttles by query cost, as some GraphQL APIs do." };

    public static Command Create()
    {
        Limiter.AcceptOnlyFromAmong("fixed", "sliding", "bucket");
        var command = new Command("simulate", $"Run one of the simulated APIs alone: {string.Join(", ", SimulatorCatalog.Names)}. The first line is its address.") { SimulatorName, Port, Scale, Seed, Interval, Limit, Limiter, RetryAfter, Delay, Key, Rubbish, Throttle }.WithExamples("""
            tidemark simulate crm --port 9000
            tidemark simulate sirene --limit 100 --interval 10s --delay 0-3s
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
                Limit = arguments.GetValue(Limit),
                Limiter = Enum.Parse<LimiterKind>(arguments.GetValue(Limiter)!, ignoreCase: true),
                RetryAfter = arguments.GetValue(RetryAfter),
                Delay = DelayOf(arguments.GetValue(Delay)),
                ApiKey = arguments.GetValue(Key),
                Rubbish = ShareOf(arguments.GetValue(Rubbish)!),
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
        catch (ArgumentException e)
        {
            throw new UserErrorException(e.Message);
        }
        catch (IOException e)
        {
            throw new UserErrorException($"can't listen on port {options.Port}: {e.Message}");
        }
    }

    private static TimeSpan? IntervalOf(string? text) =>
        text is null ? null : Durations.TryParse(text, out var value) && value > TimeSpan.Zero ? value : throw new UserErrorException($"found --interval {text}, expected a duration such as 2s");

    /// <summary>One time, or the shortest and the longest: <c>2s</c>, <c>0-3s</c>, <c>200ms-1s</c>; the first without a unit has that of the second.</summary>
    private static DelayRange? DelayOf(string? text)
    {
        if (text is null) return null;
        if (text is "0") return default(DelayRange);
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var last = text[(dash + 1)..];
        var first = dash < 0 ? last : text[..dash];
        if (first.Length > 0 && char.IsAsciiDigit(first[^1])) first += last.TrimStart([.. "0123456789."]);
        return Durations.TryParse(first, out var least) && Durations.TryParse(last, out var most) && least <= most
            ? new DelayRange(least, most)
            : throw new UserErrorException($"found --delay {text}, expected a duration such as 2s, or the shortest and the longest such as 0-3s");
    }

    private static double ShareOf(string text) =>
        text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
            ? percent / 100
            : throw new UserErrorException($"found --rubbish {text}, expected a share from 0% to 100%");
}
