using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Tidemark.Definitions;
using Tidemark.Lookups;

namespace Tidemark.Configuration.Shapes;

/// <summary>What of a lookup somebody is told about.</summary>
internal static class LookupAlertsFormat
{
    /// <summary>The keys.</summary>
    public static Shape<LookupAlerts> Keys { get; } = new Shape<LookupAlerts>("What of a lookup somebody is told about, in the log, as metrics and by a webhook.", () => new LookupAlerts())
        .Optional("entries", Formats.Integer(), (a, v) => a with { Entries = v }, "More entries than this. Default: 10000.")
        .Optional("average_reuse", Formats.Number, (a, v) => a with { AverageReuse = v }, "An entry was served less often than this on average; 0 is never. Default: 2.")
        .Optional("expired", Formats.Share, (a, v) => a with { Expired = v }, "A larger share of the entries is past its clean-up time; 100% is never. Default: 20%.")
        .Optional("min_entries", Formats.Integer(), (a, v) => a with { MinEntries = v }, "With fewer entries than this, average_reuse and expired are not judged. Default: 100.")
        .Optional("webhook", new WebhookFormat(), (a, v) => a with { Webhook = v.Url }, "The http or https address that is posted to when one starts and when it is over; empty is none. Default: none.")
        .Optional("every", Formats.Duration, (a, v) => a with { Every = v }, "How often it is looked at. Default: 1m.")
        .Rule(a => a.Every < TimeSpan.FromSeconds(1) ? ("every", "found less than a second, expected a duration of at least 1s, such as 1m") : null);

    private sealed record WebhookTarget(Secret? Url);

    // Empty is none, so that one configuration serves where there is a webhook and where there is not: "${ALERT_URL:-}".
    private sealed class WebhookFormat : Format<WebhookTarget>
    {
        public override bool TryRead(ConfigNode node, ConfigProblems problems, [MaybeNullWhen(false)] out WebhookTarget value)
        {
            value = new WebhookTarget(null);
            if (node is ScalarNode { Text.Length: 0 } or ScalarNode { IsNull: true }) return true;
            if (!Formats.HttpUrl.TryRead(node, problems, out var url)) return false;
            value = new WebhookTarget(new Secret(url.OriginalString));
            return true;
        }

        public override JsonObject Schema() => Formats.HttpUrl.Schema();
    }
}
