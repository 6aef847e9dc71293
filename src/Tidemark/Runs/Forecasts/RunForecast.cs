using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidemark.Runs.Forecasts;

/// <summary>What is left of a run that goes on, and when it ends.</summary>
/// <param name="At">The moment that it was made for, by the clock of the quotas' ledger.</param>
/// <param name="Streams">Its streams that have not ended, in their order.</param>
public sealed record RunForecast(DateTimeOffset At, IReadOnlyList<StreamFinish> Streams)
{
    /// <summary>When the last stream ends; null: that can't be told.</summary>
    [JsonIgnore]
    public DateTimeOffset? EndsAt => Streams.Any(s => s.EndsAt is null) ? null : Streams.Select(s => s.EndsAt).Max();

    /// <summary>A stream of it; null: it has ended, or is none of this run.</summary>
    /// <param name="stream">Its name.</param>
    public StreamFinish? Of(string stream) => Streams.FirstOrDefault(s => string.Equals(s.Stream, stream, StringComparison.Ordinal));

    /// <summary>Its stored form.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunForecastJson.Default.RunForecast);

    /// <summary>Reads the stored form.</summary>
    /// <param name="json">The text.</param>
    public static RunForecast FromJson(string json) => JsonSerializer.Deserialize(json, RunForecastJson.Default.RunForecast)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunForecast))]
internal sealed partial class RunForecastJson : JsonSerializerContext;
