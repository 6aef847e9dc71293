using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Tidemark.Cli.Hosting;
using Tidemark.Cli.Output;
using Tidemark.Destinations;
using Tidemark.Runs;
using Tidemark.Scanning;

namespace Tidemark.Cli.Commands;

internal static class ShowCommand
{
    private const int WidestCell = 40;
    private static readonly Argument<string> Stream = new("STREAM") { Description = "The stream whose table is shown." };
    private static readonly Option<int> Limit = new("--limit") { Description = "How many rows.", DefaultValueFactory = _ => 10, HelpName = "N" };

    public static Command Create()
    {
        var command = new Command("show", "Show the newest rows of a stream's table.") { Stream, Limit }.WithExamples("tidemark show clients --limit 3");
        command.SetBody(async (arguments, terminal, stopping) =>
        {
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            var stream = project.Stream(arguments.GetValue(Stream)!);
            var services = new DestinationServices { CompareCursors = CursorKinds.Compare };
            await using var destination = project.Pipeline.Destinations[project.Pipeline.DestinationOf(stream)].Open(services);
            var target = stream.Target(project.Pipeline.Name);
            var sample = await destination.ReadNewestAsync(target, Math.Max(1, arguments.GetValue(Limit)), stopping);
            if (terminal.Json) WriteJson(target, sample);
            else Draw(terminal, target, sample);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Draw(Terminal terminal, StreamTarget target, TableSample sample)
    {
        var cells = sample.Rows.Select(row => row.Select(Cell).ToList()).ToList();
        var width = sample.Columns.Select((name, i) => cells.Select(row => row[i].GetCellWidth()).Append(name.GetCellWidth()).Max() + 3).Sum() + 1;
        if (width <= terminal.Out.Profile.Width) DrawTable(terminal, sample.Columns, cells);
        else DrawRecords(sample.Columns, cells);
        Console.Out.WriteLine($"{sample.Rows.Count} of {Counted.Of(sample.Total, "row")} of {target.Table}");
    }

    private static void DrawTable(Terminal terminal, IReadOnlyList<string> columns, List<List<string>> rows)
    {
        var table = new Table { Border = Terminal.IsUtf8 ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(v => new Text(v)));
        terminal.Out.Write(table);
    }

    // Too wide for the terminal: a line a value.
    private static void DrawRecords(IReadOnlyList<string> columns, List<List<string>> rows)
    {
        var width = columns.Max(c => c.GetCellWidth());
        foreach (var row in rows)
        {
            foreach (var (name, value) in columns.Zip(row)) Console.Out.WriteLine($"{name}{new string(' ', width - name.GetCellWidth())}   {value}".TrimEnd());
            Console.Out.WriteLine();
        }
    }

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            bool truth => truth ? "true" : "false",
            byte[] bytes => $"{bytes.Length} bytes",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
        return text.Length <= WidestCell ? text : string.Concat(text.AsSpan(0, WidestCell - 1), Terminal.IsUtf8 ? "…" : "~");
    }

    private static void WriteJson(StreamTarget target, TableSample sample) => CommandRunner.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("stream", target.Stream);
        json.WriteString("table", target.Table);
        json.WriteNumber("total", sample.Total);
        json.WriteStartArray("rows");
        foreach (var row in sample.Rows)
        {
            json.WriteStartObject();
            foreach (var (name, value) in sample.Columns.Zip(row))
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
