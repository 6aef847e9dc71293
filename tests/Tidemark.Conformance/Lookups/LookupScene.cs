using System.Text.Json;
using Tidemark.Conformance.Support;
using Tidemark.Definitions;
using Tidemark.Destinations;
using Tidemark.Lookups;
using Tidemark.Lookups.Asking;
using Tidemark.Lookups.Keys;
using Tidemark.PostgreSql;
using Tidemark.Records;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Sqlite;

namespace Tidemark.Conformance.Lookups;

/// <summary>A lookup over a database of its own; several of them are several processes.</summary>
internal sealed class LookupScene : IAsyncDisposable
{
    private readonly PipelineLookups _lookups;
    private readonly IStore _store;

    private LookupScene(PipelineLookups lookups, IStore store, AwayDestination destination) => (_lookups, _store, Destination) = (lookups, store, destination);

    public AwayDestination Destination { get; }

    public ILookupStore Store => _store;

    public Lookup Lookup => _lookups.All[0];

    public static LookupDefinition Definition { get; } = new()
    {
        Name = "things",
        Params = [new LookupParam { Name = "id" }, new LookupParam { Name = "color" }, new LookupParam { Name = "who" }],
        Key = KeyTemplate.Parse("thing:{id}"),
        Ttl = TimeSpan.FromHours(6),
        Source = "api",
        Request = new ScriptedRequest(),
        Columns = [new LookupColumn("id", null, ColumnType.Text), new LookupColumn("rank", null, ColumnType.Bigint)],
        FlushPeriod = TimeSpan.FromHours(1),
    };

    public static async Task<LookupScene> OpenAsync(Harness harness, string storeDirectory, ScriptedSource source, TimeProvider time, Func<LookupDefinition, LookupDefinition>? with = null)
    {
        var store = await StoreOfAsync(harness, storeDirectory, time);
        var destination = new AwayDestination(harness.Open(new DestinationServices { CompareCursors = CursorKinds.Compare, Time = time }));
        var pipeline = new PipelineDefinition
        {
            Name = Path.GetFileName(storeDirectory),
            Sources = new Dictionary<string, Sources.SourceDefinition>(StringComparer.Ordinal) { ["api"] = new ScriptedDefinition(source) },
            Destinations = new Dictionary<string, DestinationDefinition>(StringComparer.Ordinal) { ["main"] = new Unused() },
            Lookups = [(with ?? (d => d))(Definition)],
        };
        return new LookupScene(new PipelineLookups(pipeline, store, _ => destination, time, new Random(1)), store, destination);
    }

    public LookupKey Key(string id) => Lookup.KeyOf([new("id", id)]);

    public async Task<LookupAnswer> GetAsync(string id) => await Lookup.GetAsync(Key(id), default);

    public static string Text(LookupAnswer answer) => System.Text.Encoding.UTF8.GetString(answer.Value.Span);

    public static int Rank(LookupAnswer answer) => JsonDocument.Parse(answer.Value).RootElement.GetProperty("rank").GetInt32();

    public async ValueTask DisposeAsync()
    {
        await _lookups.DisposeAsync();
        await Destination.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static async Task<IStore> StoreOfAsync(Harness harness, string directory, TimeProvider time) => harness is PostgreSqlHarness database
        ? await PostgreSqlStore.OpenAsync(new PostgreSqlDestination { Url = new Secret(database.Url) }, TimeProvider.System, default)
        : await SqliteStore.OpenAsync(Path.Combine(directory, "store.db"), time, default);

    private sealed record Unused : DestinationDefinition
    {
        public override IDestination Open(DestinationServices services) => throw new NotSupportedException();
    }
}
