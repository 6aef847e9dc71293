using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb;

/// <summary>A MongoDB database as destination, through MongoDB's C driver, which has to be on the machine.</summary>
public sealed record MongoDbDestination : DestinationDefinition
{
    /// <summary>The database: <c>mongodb://user:password@host:port/database?option=value</c>, or <c>mongodb+srv://…</c>, as all of MongoDB's tools take it.</summary>
    public Secret Url { get; init; } = new("");

    /// <summary>For tests: is told the name of each command that is sent, by any thread.</summary>
    internal Action<string>? OnCommand { get; init; }

    /// <inheritdoc/>
    /// <exception cref="DestinationException">The URL can't be used.</exception>
    public override IDestination Open(DestinationServices services)
    {
        try
        {
            return new MongoLiveDestination(new MongoServer(MongoUrl.Parse(Url.Reveal()), OnCommand), services);
        }
        catch (FormatException e)
        {
            throw new DestinationException(DestinationFault.Fatal, e.Message, e);
        }
    }
}
