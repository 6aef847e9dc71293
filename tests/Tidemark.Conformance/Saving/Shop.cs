using System.Text.Json.Serialization;

namespace Tidemark.Conformance.Saving;

/// <summary>What a scraper of a program finds.</summary>
public sealed record Shop(string Url, string Name, int Products);

/// <summary>Its JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Shop))]
internal sealed partial class ShopJson : JsonSerializerContext;
