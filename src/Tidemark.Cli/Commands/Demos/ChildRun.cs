using System.Diagnostics;
using System.Reflection;
using System.Text;
using Tidemark.Cli.Output;

namespace Tidemark.Cli.Commands.Demos;

/// <summary>This program as a process of its own, on the same terminal. Disposed while it runs, it is killed: that is safe at any moment.</summary>
internal sealed class ChildRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;

    private ChildRun(Process process, bool capture)
    {
        _process = process;
        _process.Start();
        _output = capture ? _process.StandardOutput.ReadToEndAsync() : Task.FromResult("");
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="variables">Variables of its environment, beside those of this process.</param>
    /// <param name="capture">True to keep what it writes to standard output; false lets it write to ours.</param>
    public static ChildRun Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, bool capture)
    {
        var host = Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program");
        var start = new ProcessStartInfo(host) { UseShellExecute = false, RedirectStandardOutput = capture };
        if (capture) start.StandardOutputEncoding = Encoding.UTF8;
        // Started by dotnet, this program is the file that dotnet was given.
        if (Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase)) start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new ChildRun(new Process { StartInfo = start }, capture);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public async Task<(int ExitCode, string Output)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _output);
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
