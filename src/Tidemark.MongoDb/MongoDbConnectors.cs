using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.MongoDb.Native;

namespace Tidemark.MongoDb;

/// <summary>What this library registers.</summary>
public static class MongoDbConnectors
{
    /// <summary>The destination <c>mongodb</c>, also written as its URL, <c>mongodb://…</c> or <c>mongodb+srv://…</c>.</summary>
    public static IReadOnlyList<DestinationConnector> All { get; } =
    [
        new DestinationConnector<MongoDbDestination>(
            "mongodb",
            new Shape<MongoDbDestination>("A MongoDB database; libmongoc has to be on the machine.", static () => new MongoDbDestination())
                .Required("url", Formats.Secret, static (d, v) => d with { Url = v }, "The database as MongoDB's tools take it: mongodb://USER:PASSWORD@HOST:PORT/DATABASE?authSource=admin, or mongodb+srv://….")
                .Rule(static d => WrongIn(d.Url.Reveal()) is { } wrong ? ("url", wrong) : null),
            FromUrl),
    ];

    private static MongoDbDestination? FromUrl(string url, string baseDirectory)
    {
        if (!MongoUrl.IsOne(url)) return null;
        MongoUrl.Parse(url);
        return new MongoDbDestination { Url = new Secret(url) };
    }

    private static string? WrongIn(string url)
    {
        try
        {
            MongoUrl.Parse(url);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }
}
