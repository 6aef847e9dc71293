using System.Globalization;
using BenchmarkDotNet.Running;
using Tidemark.Benchmarks;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

if (args is ["serve", var file, var pageSize]) await PageServer.RunAsync(file, Number(pageSize));
else if (args is ["post", var url, var name, var posts, var entries, var clients]) await LoadGenerator.PostAsync(url, name, Number(posts), Number(entries), Number(clients));
else if (args is ["burst", var server, var rounds, var many]) await LoadGenerator.BurstAsync(server, Number(rounds), Number(many));
else if (args is ["bulk", var database, var lines, var size]) await BareBulk.RunAsync(database, lines, Number(size));
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
