using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Tests;

/// <summary>A simulator with a client, over real HTTP.</summary>
internal sealed class Client : IAsyncDisposable
{
    private readonly RunningSimulator _simulator;

    private Client(RunningSimulator simulator)
    {
        _simulator = simulator;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = simulator.Address };
    }

    public HttpClient Http { get; }

    public RunningSimulator Simulator => _simulator;

    public static async Task<Client> StartAsync(string name, SimulatorOptions? options = null) =>
        new(await RunningSimulator.StartAsync(name, options ?? new SimulatorOptions(), CancellationToken.None));

    public async Task<JsonElement> GetAsync(string path) => Parse(await Http.GetStringAsync(path));

    public async Task<HttpResponseMessage> PostAsync(string path) => await Http.PostAsync(path, null);

    public async Task<HttpResponseMessage> SendQueryAsync(string query, object? variables = null, string key = "demo-key", string path = "/graphql/private/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { query, variables }) };
        request.Headers.Add("x-gazelle-api-key", key);
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> QueryAsync(string query, object? variables = null, string path = "/graphql/private/")
    {
        using var response = await SendQueryAsync(query, variables, path: path);
        return Parse(await response.Content.ReadAsStringAsync());
    }

    public async Task FaultAsync(string query)
    {
        using var response = await PostAsync("/_sim/fault?" + query);
        response.EnsureSuccessStatusCode();
    }

    public async Task<Dictionary<string, string>> TruthAsync(string kind, string id = "id") =>
        (await LinesAsync("/_sim/records/" + kind)).ToDictionary(line => line.GetProperty(id).GetString()!, line => line.GetRawText(), StringComparer.Ordinal);

    public async Task<List<JsonElement>> LinesAsync(string path) =>
        [.. (await Http.GetStringAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _simulator.DisposeAsync();
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement;
}
