using Tidemark.Lookups.Alerts;
using Tidemark.Server.Answers;

namespace Tidemark.Server.Alerts;

/// <summary>What a webhook is posted.</summary>
internal static class AlertJson
{
    /// <summary>What tells one post from all others, and is the same however often it is sent.</summary>
    public static string IdOf(string pipeline, string lookup, LookupAlertTurn turn) => $"{pipeline}/{lookup}/{turn.Alert.Name}/{turn.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}/{StateOf(turn)}";

    public static string StateOf(LookupAlertTurn turn) => turn.EndedAt is null ? "started" : "over";

    public static ReadOnlyMemory<byte> Of(string pipeline, string lookup, LookupAlertTurn turn) => JsonAnswer.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", IdOf(pipeline, lookup, turn));
        json.WriteString("event", "lookup_alert");
        json.WriteString("state", StateOf(turn));
        json.WriteString("pipeline", pipeline);
        json.WriteString("lookup", lookup);
        json.WriteString("alert", turn.Alert.Name);
        json.WriteNumber("value", Math.Round(turn.Alert.Value, 4));
        json.WriteNumber("limit", turn.Alert.Limit);
        json.WriteString("message", $"{lookup}: {turn.Alert.Message}");
        json.WriteString("started_at", turn.StartedAt.UtcDateTime);
        if (turn.EndedAt is { } ended) json.WriteString("ended_at", ended.UtcDateTime);
        else json.WriteNull("ended_at");
        json.WriteEndObject();
    });
}
