using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>This program as a process of its own, on the same terminal. Disposed while it runs, it is killed: that is safe at any moment.</summary>
internal sealed class ChildRun : IDisposable
{
    private readonly Process _process;
    private readonly ChildStreams _streams;

    private ChildRun(Process process, ChildStreams streams)
    {
        (_process, _streams) = (process, streams);
        _process.Start();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Its standard input, where that is ours to write.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Its standard output, where that is ours to read.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Variables of its environment, beside those of this process.</param>
    /// <param name="streams">Which of its standard streams are not the terminal's.</param>
    public static ChildRun Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, ChildStreams streams)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program");
        var start = new ProcessStartInfo(host)
        {
            UseShellExecute = false,
            RedirectStandardInput = streams.HasFlag(ChildStreams.Input),
            RedirectStandardOutput = streams.HasFlag(ChildStreams.Output),
        };
        if (start.RedirectStandardInput) start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (start.RedirectStandardOutput) start.StandardOutputEncoding = Encoding.UTF8;
        // Started by dotnet, this program is the file that dotnet was given.
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new ChildRun(new Process { StartInfo = start }, streams);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, and what it wrote that nobody has read.</returns>
    public async Task<(int ExitCode, string Output)> EndAsync(CancellationToken cancellationToken)
    {
        var output = _streams.HasFlag(ChildStreams.Output) ? await Output.ReadToEndAsync(cancellationToken) : "";
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, output);
    }

    /// <summary>Tells it to end, as a service manager does (SIGTERM), and waits.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows()) _process.Kill();
        else using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(cancellationToken);
        return (await EndAsync(cancellationToken)).ExitCode;
    }

    /// <summary>kill -9; what it had drawn stays on the terminal.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        // The drawing has hidden the cursor, and nobody is left who would show it.
        if (Terminal.IsInteractive) await Console.Error.WriteAsync("\u001b[?25h\n");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
