using System.Buffers;
using System.Text.Json;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.GraphQl;

/// <summary>Answers GraphQL calls: 200 with <c>data</c>, or 200 with <c>errors[]</c>.</summary>
internal sealed class GraphQlEndpoint(IEnumerable<Connection> connections, QueryCostBucket? costs)
{
    private readonly Dictionary<string, Connection> _connections =
        connections.ToDictionary(static connection => connection.Field, StringComparer.Ordinal);

    public async Task AnswerAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        await using (var json = new Utf8JsonWriter(body, Answers.Plain))
        {
            json.WriteStartObject();
            Write(json, SimulatedCall.Of(context));
            json.WriteEndObject();
        }

        await Answers.BytesAsync(context, body.WrittenMemory, "application/json; charset=utf-8");
    }

    private void Write(Utf8JsonWriter json, SimulatedCall call)
    {
        var request = (ReceivedQuery)call.Query!;
        IReadOnlyList<string> errors = request.Error is { } error ? [error] : QueryCheck.Errors(request.Operation, _connections);
        if (errors.Count > 0)
        {
            WriteErrors(json, errors);
            return;
        }

        try
        {
            var wanted = Arguments(request);
            var cost = wanted.Sum(static one => QueryCost.Of(one.Field, one.Arguments.First));
            if (costs is not null && !costs.TrySpend(cost))
            {
                call.Throttled = true;
                WriteThrottled(json, costs, cost);
                return;
            }

            // Everything that can fail is done before the first byte: no data beside errors.
            var pages = wanted.ConvertAll(one => (one.Field, one.Connection, Page: one.Connection.Read(one.Arguments, call.PageFault)));
            WriteData(json, request, pages);
            if (costs is not null)
            {
                var actual = pages.Sum(static one => QueryCost.Of(one.Field, one.Page.Records.Count));
                costs.GiveBack(cost - actual);
                costs.Write(json, cost, actual);
            }
        }
        catch (GraphQlException exception)
        {
            WriteErrors(json, [exception.Message]);
        }
    }

    private List<(FieldSelection Field, Connection Connection, ConnectionArguments Arguments)> Arguments(ReceivedQuery request)
    {
        var wanted = new List<(FieldSelection, Connection, ConnectionArguments)>();
        foreach (var field in request.Operation.Selections)
        {
            if (_connections.TryGetValue(field.Name, out var connection))
                wanted.Add((field, connection, ConnectionArguments.Read(field, request.Variables, connection.MostRecords)));
        }

        return wanted;
    }

    private static void WriteData(
        Utf8JsonWriter json,
        ReceivedQuery request,
        List<(FieldSelection Field, Connection Connection, ConnectionPage Page)> pages)
    {
        json.WriteStartObject("data");
        var writer = new SelectionWriter(json);
        foreach (var field in request.Operation.Selections.Where(static field => field.Name is "__typename"))
            json.WriteString(field.ResponseKey, "Query");
        foreach (var (field, connection, page) in pages)
            writer.WritePage(field, connection, page);
        json.WriteEndObject();
    }

    private static void WriteThrottled(Utf8JsonWriter json, QueryCostBucket costs, int cost)
    {
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteString("message", "Throttled");
        json.WriteStartObject("extensions");
        json.WriteString("code", "THROTTLED");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        costs.Write(json, cost, null);
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<string> errors)
    {
        json.WriteStartArray("errors");
        foreach (var error in errors)
        {
            json.WriteStartObject();
            json.WriteString("message", error);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
