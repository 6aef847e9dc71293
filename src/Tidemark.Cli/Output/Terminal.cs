using System.Globalization;
using Spectre.Console;

namespace Tidemark.Cli.Output;

/// <summary>Where a command prints: answers to standard output, progress and notes to standard error.</summary>
internal sealed class Terminal
{
    // Made when something is drawn: most commands start faster without.
    private readonly Lazy<IAnsiConsole> _out;
    private readonly Lazy<IAnsiConsole> _error;

    /// <summary>A terminal.</summary>
    /// <param name="json">True if standard output takes one JSON document.</param>
    /// <param name="color">False for no colours, whatever the terminal can.</param>
    public Terminal(bool json, bool color)
    {
        color &= string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        Json = json;
        _out = new Lazy<IAnsiConsole>(() => Create(Console.Out, color && !Console.IsOutputRedirected));
        _error = new Lazy<IAnsiConsole>(() => Create(Console.Error, color && !Console.IsErrorRedirected));
    }

    /// <summary>True if standard output takes one JSON document.</summary>
    public bool Json { get; }

    public IAnsiConsole Out => _out.Value;

    public IAnsiConsole Error => _error.Value;

    /// <summary>True if progress can be drawn over itself.</summary>
    public static bool IsInteractive => !Console.IsErrorRedirected && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);

    /// <summary>True if progress is drawn: the terminal can, and standard output takes no JSON. Else it is told in plain lines.</summary>
    public bool Draws => IsInteractive && !Json && Error.Profile.Capabilities.Ansi;

    /// <summary>False where only ASCII is safe.</summary>
    public static bool IsUtf8 { get; } = OperatingSystem.IsWindows()
        ? Console.OutputEncoding.CodePage == 65001
        : new[] { "LC_ALL", "LC_CTYPE", "LANG" }.Select(Environment.GetEnvironmentVariable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) is { } locale
          && locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

    /// <summary>A number with thousands set apart: 34 969.</summary>
    public static string Number(long value) => value.ToString("#,0", GroupedBySpace);

    /// <summary>A number that may have a part behind the point: 34 969, 0.25.</summary>
    public static string Number(double value) => value == Math.Floor(value) ? Number((long)value) : value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A point in time: 2026-11-22 10:32:47 UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static readonly NumberFormatInfo GroupedBySpace = new() { NumberGroupSeparator = " " };

    private static IAnsiConsole Create(TextWriter writer, bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = color ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = color ? InteractionSupport.Detect : InteractionSupport.No,
        });
        console.Profile.Capabilities.Unicode = IsUtf8;
        // Redirected output is for files and pipes: nothing may wrap it.
        if (!color || console.Profile.Width < 40) console.Profile.Width = 400;
        return console;
    }
}
