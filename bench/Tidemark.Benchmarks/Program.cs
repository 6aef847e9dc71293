using System.Globalization;
using BenchmarkDotNet.Running;
using Tidemark.Benchmarks;

if (args is ["serve", var file, var pageSize])
    await PageServer.RunAsync(file, int.Parse(pageSize, CultureInfo.InvariantCulture));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
