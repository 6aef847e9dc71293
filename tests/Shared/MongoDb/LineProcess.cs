using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace Tidemark.Tests.Shared;

/// <summary>A process that is talked to in lines.</summary>
public sealed class LineProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _error = new();
    private readonly Channel<string> _output = Channel.CreateUnbounded<string>();
    private volatile Waiter? _waiter;

    private LineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is { } line) _output.Writer.TryWrite(line);
            else _output.Writer.TryComplete(new InvalidOperationException($"{process.StartInfo.FileName} ended: {Error}"));
        };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is { } line) _error.Enqueue(line);
            Look(isEnd: e.Data is null);
        };
    }

    public int Id => _process.Id;

    /// <summary>What it has written to standard error.</summary>
    public string Error => string.Join('\n', _error);

    public static LineProcess Start(string program, params string[] arguments)
    {
        var started = new LineProcess(new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        });
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>The next line of its standard output.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<string> LineAsync() => await _output.Reader.ReadAsync();

    /// <summary>Writes a line to its standard input and returns the next line of its output.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await LineAsync();
    }

    /// <summary>Waits until it has written a text to standard error.</summary>
    /// <exception cref="InvalidOperationException">It ended without.</exception>
    public Task ErrorAsync(string text)
    {
        var waiter = new Waiter(text, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiter = waiter;
        Look(isEnd: false);
        return waiter.Seen.Task;
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        return ExitedAsync();
    }

    public Task ExitedAsync() => _process.WaitForExitAsync();

    public void Dispose() => _process.Dispose();

    private void Look(bool isEnd)
    {
        if (_waiter is not { } waiter) return;
        if (_error.Any(l => l.Contains(waiter.Text, StringComparison.Ordinal))) waiter.Seen.TrySetResult();
        else if (isEnd) waiter.Seen.TrySetException(new InvalidOperationException($"{_process.StartInfo.FileName} ended: {Error}"));
    }

    private sealed record Waiter(string Text, TaskCompletionSource Seen);
}
