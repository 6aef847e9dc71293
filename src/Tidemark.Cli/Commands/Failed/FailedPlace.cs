using System.CommandLine;
using Tidemark.Cli.Commands.Saving;
using Tidemark.Cli.Hosting;
using Tidemark.Failures;
using Tidemark.Runs;

namespace Tidemark.Cli.Commands.Failed;

/// <summary>Where failed records are looked for: in the store of a pipeline, or where <c>tidemark save</c> keeps what it could not write, for which there is no configuration.</summary>
/// <param name="Store">The store.</param>
/// <param name="PipelineName">Whose records.</param>
/// <param name="Project">The configuration; null: there is none.</param>
internal sealed record FailedPlace(IStore Store, string PipelineName, Project? Project) : IAsyncDisposable
{
    private static readonly Option<bool> Saved = new("--saved") { Description = "What tidemark save has kept in this directory; no configuration is read." };
    private static readonly Option<string?> To = new("--to") { Description = "With --saved: the database that was saved into, where it is PostgreSQL.", HelpName = "URL" };

    /// <summary>Lets a command be asked for either.</summary>
    public static void AddTo(Command command)
    {
        command.Add(Saved);
        command.Add(To);
    }

    /// <summary>Opens it.</summary>
    public static async Task<FailedPlace> OpenAsync(ParseResult arguments, CancellationToken stopping)
    {
        if (!arguments.GetValue(Saved))
        {
            if (arguments.GetValue(To) is not null) throw new UserErrorException("--to says where tidemark save keeps records: give --saved as well");
            var project = Project.Load(arguments.GetValue(GlobalOptions.Config)!);
            return new FailedPlace(await project.OpenStoreAsync(stopping), project.Pipeline.Name, project);
        }
        var place = FailedLines.StoreOf(arguments.GetValue(To) is { } url ? SaveCommand.DestinationOf(url) : null);
        if (place is Sqlite.SqliteDestination file && !File.Exists(file.Path))
            throw new UserErrorException($"there is no {file.Path}: tidemark save has kept nothing in this directory. Look where it ran, or name the PostgreSQL database with --to URL");
        return new FailedPlace(await Project.OpenStoreAsync(place, stopping), FailedLines.PipelineName, Project: null);
    }

    /// <summary>A stream, or a table that was saved into, by its name.</summary>
    public string Stream(string name) => Project?.Stream(name).Name ?? name;

    /// <summary>A failed record by the first digits of its id.</summary>
    public async Task<FailedRecord> FindAsync(string id, CancellationToken stopping)
    {
        try
        {
            return await Store.FindAsync(id, stopping) is { } record && string.Equals(record.PipelineName, PipelineName, StringComparison.Ordinal)
                ? record
                : throw new UserErrorException($"no failed record has an id that begins with '{id}'; see tidemark failed list {(Project is null ? "--saved " : "")}--status all");
        }
        catch (InvalidOperationException e)
        {
            throw new UserErrorException(e.Message);
        }
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
