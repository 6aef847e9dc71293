using System.Text.Json;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.GraphQl;

/// <summary>Writes what a checked selection asks of a page, in the order in which it asks.</summary>
internal sealed class SelectionWriter(Utf8JsonWriter json)
{
    public void WritePage(FieldSelection field, Connection connection, ConnectionPage page)
    {
        json.WriteStartObject(field.ResponseKey);
        foreach (var part in field.Selections)
        {
            json.WritePropertyName(part.ResponseKey);
            switch (part.Name)
            {
                case "nodes":
                    WriteAll(page.Records, record => WriteObject(record.Data, part, connection.Node));
                    break;
                case "edges":
                    WriteAll(page.Records, record => WriteEdge(record, part, connection, page));
                    break;
                case "pageInfo":
                    WritePageInfo(part, page);
                    break;
                case "totalCount":
                    json.WriteNumberValue(page.TotalCount);
                    break;
                default:
                    json.WriteStringValue(connection.Type.Name);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private void WriteAll(ArraySegment<SimulatedRecord> records, Action<SimulatedRecord> write)
    {
        json.WriteStartArray();
        foreach (var record in records)
            write(record);
        json.WriteEndArray();
    }

    private void WriteEdge(SimulatedRecord record, FieldSelection edge, Connection connection, ConnectionPage page)
    {
        json.WriteStartObject();
        foreach (var part in edge.Selections)
        {
            json.WritePropertyName(part.ResponseKey);
            if (part.Name is "node")
                WriteObject(record.Data, part, connection.Node);
            else
                json.WriteStringValue(part.Name is "cursor" ? page.CursorOf(record) : connection.Node.Name + "Edge");
        }

        json.WriteEndObject();
    }

    private void WritePageInfo(FieldSelection info, ConnectionPage page)
    {
        json.WriteStartObject();
        foreach (var part in info.Selections)
        {
            json.WritePropertyName(part.ResponseKey);
            switch (part.Name)
            {
                case "hasNextPage":
                    json.WriteBooleanValue(page.HasNext);
                    break;
                case "hasPreviousPage":
                    json.WriteBooleanValue(page.HasPrevious);
                    break;
                default:
                    json.WriteStringValue(part.Name switch
                    {
                        "startCursor" => page.StartCursor,
                        "endCursor" => page.EndCursor,
                        _ => "PageInfo",
                    });
                    break;
            }
        }

        json.WriteEndObject();
    }

    private void WriteObject(JsonElement value, FieldSelection field, ObjectType type)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var part in field.Selections)
        {
            json.WritePropertyName(part.ResponseKey);
            if (part.Name is "__typename")
                json.WriteStringValue(type.Name);
            else if (!value.TryGetProperty(part.Name, out var member))
                json.WriteNullValue();
            else if (type.TryField(part.Name, out var memberType) && memberType is not null)
                WriteObject(member, part, memberType);
            else
                member.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
