using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Records;
using Tidemark.Sources;
using Tidemark.Sources.Files;
using Tidemark.Sources.Pushed;

namespace Tidemark.Configuration.Tests;

/// <summary>Connectors that only read: a configuration is never run here.</summary>
internal static class FakeConnectors
{
    private static readonly Variants<FakePaginator> Paginator = new Variants<FakePaginator>("paginator")
        .Add("relay", new Shape<FakePaginator>("Relay.", () => new FakePaginator()).Optional("page_size", Formats.Integer(1, 1000), (d, v) => d with { PageSize = v }, "Records a page."))
        .Add("single_page", new Shape<FakePaginator>("One page.", () => new FakePaginator()));

    private static readonly SourceConnector Rest = new SourceConnector<RestSource, RestRequest>("rest",
        new Shape<RestSource>("An API.", () => new RestSource())
            .Required("url", Formats.HttpUrl, (d, v) => d with { Url = v }, "Its address.")
            .Optional("key", Formats.Secret, (d, v) => d with { Key = v }, "Its key.")
            .Optional("timeout", Formats.Duration, (d, v) => d with { Timeout = v }, "How long a call may take. Default: 30s."),
        new Shape<RestRequest>("A stream of an API.", () => new RestRequest())
            .Required("request", new Shape<RestRequest>("A call.", () => new RestRequest())
                .Required("path", Formats.Parsed(Template.Parse), (d, v) => d with { Path = v }, "The path.")
                .Optional("params", Formats.Map(Formats.Parsed(Template.Parse)), (d, v) => d with { Params = v }, "The query."), (d, v) => v with { Records = d.Records, Paginator = d.Paginator }, "The call.")
            .Optional("records", Formats.Parsed(JsonPath.Parse), (d, v) => d with { Records = v }, "Where the records are.")
            .Optional("paginator", Paginator, (d, v) => d with { Paginator = v }, "How pages follow."));

    private static readonly DestinationConnector Sqlite = new DestinationConnector<SqliteDestination>("sqlite",
        new Shape<SqliteDestination>("A file.", () => new SqliteDestination("")).Required("path", Formats.FilePath, (d, v) => d with { Path = v }, "The file."),
        (url, directory) => url.StartsWith("sqlite:", StringComparison.Ordinal) ? new SqliteDestination(Path.Combine(directory, url[7..])) : null);

    private static readonly DestinationConnector PostgreSql = new DestinationConnector<PostgreSqlDestination>("postgresql",
        new Shape<PostgreSqlDestination>("A server.", () => new PostgreSqlDestination(new Secret(""))).Required("url", Formats.Secret, (d, v) => d with { Url = v }, "Its address."),
        (url, _) => url.StartsWith("postgresql://", StringComparison.Ordinal) ? new PostgreSqlDestination(new Secret(url)) : null);

    public static ConnectorRegistry All { get; } = new() { Sources = [Rest, .. FileConnectors.All, .. PushConnectors.All], Destinations = [Sqlite, PostgreSql] };
}

internal sealed record RestSource : SourceDefinition
{
    public Uri? Url { get; init; }

    public Secret? Key { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public override ISource Open(SourceServices services) => throw new NotSupportedException();
}

internal sealed record RestRequest : StreamRequest
{
    public Template? Path { get; init; }

    public IReadOnlyDictionary<string, Template>? Params { get; init; }

    public JsonPath? Records { get; init; }

    public FakePaginator? Paginator { get; init; }

    public override IEnumerable<Template> Templates => [.. new[] { Path }.OfType<Template>(), .. Params?.Values ?? []];
}

internal sealed record FakePaginator
{
    public long PageSize { get; init; } = 100;
}

internal sealed record SqliteDestination(string Path) : DestinationDefinition
{
    public override IDestination Open(DestinationServices services) => throw new NotSupportedException();
}

internal sealed record PostgreSqlDestination(Secret Url) : DestinationDefinition
{
    public override bool HasPartitions => true;

    public override IDestination Open(DestinationServices services) => throw new NotSupportedException();
}
