using System.Text.Json;
using Tidemark.Imports.Tests;

// What is measured: days of an import, a line of JSON each. The tests start it.
await using var import = await LongImport.StartAsync(args[0]);
for (var day = 1; day <= LongImport.Days; day++) Console.WriteLine(JsonSerializer.Serialize(await import.RunDayAsync()));
await import.CheckAsync();
