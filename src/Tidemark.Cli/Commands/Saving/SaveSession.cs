using Tidemark.Saving;

namespace Tidemark.Cli.Commands.Saving;

/// <summary>Takes lines until there are no more, or until a signal; then all that was taken is written.</summary>
internal sealed class SaveSession(JsonBatchWriter writer, AckPrinter? acks)
{
    public async Task RunAsync(Stream input, CancellationToken stopping)
    {
        var printing = acks?.RunAsync() ?? Task.CompletedTask;
        try
        {
            await TakeAsync(input, stopping);
            await writer.FlushAsync(CancellationToken.None);
        }
        finally
        {
            acks?.Complete();
            await printing;
        }
    }

    private async Task TakeAsync(Stream input, CancellationToken stopping)
    {
        try
        {
            await foreach (var (number, line) in new LineReader(input).ReadAsync(stopping))
            {
                var receipt = await writer.AddAsync(line, number, stopping);
                if (acks is not null) await acks.AddAsync(number, receipt);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("stopping: what was read is being written (again to leave at once)");
        }
    }
}
