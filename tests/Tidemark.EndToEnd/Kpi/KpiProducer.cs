using System.Net.Http.Json;

namespace Kpis;

public static class KpiProducer
{
    public static async Task<string> PostAsync(HttpClient tidemark, CancellationToken cancellationToken)
    {
        var entries = Enumerable.Range(1, 100).Select(i => new { seller_id = $"seller-1-{i}", revenue = 100 + i });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/integrations/kpi/sync")
        {
            Content = JsonContent.Create(new { store_id = "store-1", date = "2026-01-14", source = "csharp", kpi_entries = entries }),
        };
        request.Headers.Add("Idempotency-Key", "csharp-1");
        using var answer = await tidemark.SendAsync(request, cancellationToken);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }
}
