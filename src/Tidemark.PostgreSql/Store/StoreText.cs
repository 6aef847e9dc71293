using System.Text;
using System.Text.Json;

namespace Tidemark.PostgreSql.Store;

/// <summary>Texts and names on their way into the store and out of it.</summary>
internal static class StoreText
{
    /// <summary>A text as PostgreSQL can keep it: what it has no room for, NUL and half a pair of surrogates, becomes U+FFFD.</summary>
    public static string? Safe(string? text) =>
        text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');

    /// <summary>A name of an enumeration as it is kept.</summary>
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of such a name.</summary>
    public static T Value<T>(object? name) where T : struct, Enum => Enum.Parse<T>(((string)name!).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    /// <summary>A point in time as the driver takes it; the database keeps microseconds.</summary>
    public static DateTime? Of(DateTimeOffset? time) => time?.UtcDateTime;

    /// <summary>A point in time as the driver gives it.</summary>
    public static DateTimeOffset? Time(object? value) => value is DateTime time ? new DateTimeOffset(time, TimeSpan.Zero) : null;
}
