using System.Text;
using System.Text.Json;
using Tidemark.Access;
using Tidemark.Configuration;
using Tidemark.Destinations;
using Tidemark.Http;
using Tidemark.PostgreSql;
using Tidemark.Runs;
using Tidemark.Scanning;
using Tidemark.Server.Setup;
using Tidemark.Sources.Files;
using Tidemark.Sources.Pushed;
using Tidemark.Sqlite;

namespace Tidemark.Server.Tests.Support;

/// <summary>A directory with a configuration, and a server over it: real Kestrel on a free port of 127.0.0.1, a real store.</summary>
internal sealed class ServerScene : IAsyncDisposable
{
    public const string Pipeline = "scene";

    private static readonly ConnectorRegistry Connectors = new() { Sources = [.. HttpConnectors.All, .. FileConnectors.All, .. PushConnectors.All], Destinations = [.. SqliteConnectors.All, .. PostgreSqlConnectors.All] };

    private readonly string _directory = Directory.CreateTempSubdirectory("tidemark-server-").FullName;
    private TidemarkServer? _server;
    private SqliteInbox? _inbox;
    private PipelineDefinition? _pipeline;

    private ServerScene()
    {
    }

    public ManualTime Time { get; } = new();

    public IStore Store { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The routes that the server has, by method and path; HEAD goes with GET.</summary>
    public IEnumerable<string> Routes => _server!.Routes.Where(r => !r.StartsWith("HEAD ", StringComparison.Ordinal));

    public string this[string name] => Path.Combine(_directory, name);

    /// <summary>Starts a server over a file of people that is mirrored into SQLite.</summary>
    public static Task<ServerScene> StartAsync(string? configuration = null, Func<IStore, IStore>? store = null, string listen = "http://127.0.0.1:0", Func<ServerScene, Task>? before = null) =>
        StartAsync(configuration ?? $$"""
            name: {{Pipeline}}
            sources: { people_source: { type: file, path: people.jsonl } }
            destinations: { local: { type: sqlite, path: out.db } }
            streams: { people: { primary_key: id } }
            """, store ?? (s => s), ListenAddress.Parse(listen), before);

    /// <summary>Adds a key and answers its text.</summary>
    public async Task<string> AddKeyAsync(string name, bool admin = false, params string[] routes)
    {
        var token = ApiKeyToken.Create();
        (await Store.AddKeyAsync(Pipeline, new ApiKey(name, ApiKeyToken.Hash(token), Time.GetUtcNow()) { IsAdmin = admin, Routes = routes }, default)).ShouldBeTrue();
        return token;
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content!.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Client.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, headers: headers);

    /// <summary>Holds the lease of a stream, as another process does.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string stream)
    {
        var definition = _pipeline!.Streams.Single(s => string.Equals(s.Name, stream, StringComparison.Ordinal));
        var destination = _pipeline.Destinations[_pipeline.DestinationOf(definition)].Open(new DestinationServices { Time = Time, CompareCursors = CursorKinds.Compare });
        return await destination.OpenAsync(definition.Target(_pipeline.Name), default);
    }

    /// <summary>Changes the configuration while the server goes on.</summary>
    public async Task ReloadAsync(string configuration)
    {
        await File.WriteAllTextAsync(this["tidemark.yaml"], configuration);
        await _server!.ReloadAsync(ConfigurationReader.Read(this["tidemark.yaml"], Connectors, new Dictionary<string, string>(StringComparer.Ordinal)), default);
    }

    public void RefuseReload(string problem) => _server!.RefuseReload(problem);

    public Task StopAsync() => _server!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        if (_inbox is not null) await _inbox.DisposeAsync();
        if (Store is not null) await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<ServerScene> StartAsync(string configuration, Func<IStore, IStore> store, ListenAddress listen, Func<ServerScene, Task>? before)
    {
        var scene = new ServerScene();
        try
        {
            await File.WriteAllTextAsync(scene["people.jsonl"], "{\"id\":1,\"name\":\"Ada\"}\n{\"id\":2,\"name\":\"Grace\"}\n");
            await File.WriteAllTextAsync(scene["tidemark.yaml"], configuration);
            scene._pipeline = ConfigurationReader.Read(scene["tidemark.yaml"], Connectors, new Dictionary<string, string>(StringComparer.Ordinal));
            scene.Store = await SqliteStore.OpenAsync(scene[".tidemark/store.db"], scene.Time, default);
            if (before is not null) await before(scene);
            scene._inbox = new SqliteInbox(scene[".tidemark/inbox.db"], Pipeline, scene.Time);
            scene._server = await TidemarkServer.StartAsync(new ServerSetup { Pipeline = scene._pipeline, Store = store(scene.Store), Inbox = scene._inbox, Addresses = [listen], Time = scene.Time }, default);
            scene.Client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = new Uri($"http://127.0.0.1:{scene._server.Urls[0].Port}") };
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }
}

/// <summary>What a server answered.</summary>
internal sealed record Answer(int Status, string Body, string? ContentType, Func<string, string?> Header)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The code of a problem, which is whole.</summary>
    public string Code
    {
        get
        {
            ContentType.ShouldBe("application/problem+json");
            Json.GetProperty("status").GetInt32().ShouldBe(Status);
            Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
            return Json.GetProperty("code").GetString()!;
        }
    }

    public string Detail => Json.GetProperty("detail").GetString()!;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType, headers.GetValueOrDefault);
    }
}
