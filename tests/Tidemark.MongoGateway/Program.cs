using System.Globalization;
using Tidemark.MongoGateway;
using Tidemark.MongoGateway.Faults;

if (args is not ([_] or [_, _]) || !args.All(a => int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
{
    await Console.Error.WriteLineAsync(
        $"""
        Speaks MongoDB's protocol before DocumentDB's PostgreSQL on 127.0.0.1, for tests, and ends with its standard input.
        Usage: Tidemark.MongoGateway POSTGRESQL_PORT [PORT]
        It prints its URL, then reads lines:
        {FaultPlan.Help}
        """);
    return 2;
}

var plan = new FaultPlan();
await using var gateway = new Gateway(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0, int.Parse(args[0], CultureInfo.InvariantCulture), plan);
using var stop = new CancellationTokenSource();
var serving = gateway.ServeAsync(stop.Token);
Console.WriteLine(gateway.Url);
while (await Console.In.ReadLineAsync() is { } line) Console.WriteLine(plan.Tell(line));
await stop.CancelAsync();
await serving.ContinueWith(_ => { }, TaskScheduler.Default);
return 0;
