using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Tidemark.Simulators.Records;
using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Communes;

/// <summary>The embedded records, and how their bytes are put together.</summary>
internal static class CommuneData
{
    public const int UpdatedAt = 0;

    public const int Departement = 1;

    private static readonly Lazy<byte[][]> Read = new(ReadLines);

    /// <summary>The communes as they are embedded, one JSON object each.</summary>
    public static IReadOnlyList<byte[]> Lines => Read.Value;

    /// <summary>The seed: every line, with a time of its last change; repeated with new codes for a scale over 1.</summary>
    public static List<SimulatedRecord> Seed(SimulatorOptions options, DateTimeOffset start)
    {
        var ages = Enumerable.Range(0, Lines.Count * options.Scale).ToArray();
        new Random(options.Seed).Shuffle(ages);

        var records = new List<SimulatedRecord>(ages.Length);
        for (var copy = 1; copy <= options.Scale; copy++)
        {
            var suffix = copy == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{copy}");
            foreach (var line in Lines)
            {
                var updated = Stamps.Text(start.AddMinutes(-2).AddMilliseconds(-700.0 * ages[records.Count]));
                records.Add(Make(line, suffix, updated));
            }
        }

        return records;
    }

    /// <summary>The same commune with one more inhabitant.</summary>
    public static SimulatedRecord Grown(SimulatedRecord record, DateTimeOffset stamp)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Hosting.Answers.Plain))
        {
            json.WriteStartObject();
            foreach (var member in record.Data.EnumerateObject())
            {
                if (member.NameEquals("population"u8))
                    json.WriteNumber(member.Name, member.Value.GetInt32() + 1);
                else if (member.NameEquals("updated_at"u8))
                    json.WriteString(member.Name, Stamps.Text(stamp));
                else
                    member.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return new SimulatedRecord(record.Id, buffer.ToArray(), [Stamps.Text(stamp), record.Key(Departement)]);
    }

    /// <summary>A commune like another, with a new code.</summary>
    public static SimulatedRecord Copied(SimulatedRecord model, string suffix, DateTimeOffset stamp)
    {
        var text = Encoding.UTF8.GetString(model.Utf8);
        var end = text.LastIndexOf(",\"updated_at\":", StringComparison.Ordinal);
        return Make(Encoding.UTF8.GetBytes(text[..end] + "}"), suffix, Stamps.Text(stamp));
    }

    public static bool HasPopulation(SimulatedRecord record) => record.Utf8.AsSpan().IndexOf("\"population\":"u8) >= 0;

    private static SimulatedRecord Make(byte[] line, string suffix, string updated)
    {
        var (code, codeEnd, departement) = Find(line);
        byte[] utf8 =
        [
            .. line.AsSpan(0, codeEnd),
            .. Encoding.UTF8.GetBytes(suffix),
            .. line.AsSpan(codeEnd, line.Length - codeEnd - 1),
            .. Encoding.UTF8.GetBytes($",\"updated_at\":\"{updated}\"}}"),
        ];
        return new SimulatedRecord(code + suffix, utf8, [updated, departement]);
    }

    /// <summary>The code, where its text ends, and the département.</summary>
    private static (string Code, int CodeEnd, string Departement) Find(byte[] line)
    {
        var (code, codeEnd, departement) = ("", 0, "");
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            var (isCode, isDepartement) = (reader.ValueTextEquals("code"u8), reader.ValueTextEquals("departement"u8));
            reader.Read();
            if (isCode)
                (code, codeEnd) = (reader.GetString()!, (int)reader.BytesConsumed - 1);
            else if (isDepartement)
                departement = reader.GetString() ?? "";
        }

        return (code, codeEnd, departement);
    }

    private static byte[][] ReadLines()
    {
        using var packed = typeof(CommuneData).Assembly.GetManifestResourceStream("communes.jsonl.gz")
            ?? throw new InvalidOperationException("The embedded communes.jsonl.gz is missing.");
        using var lines = new StreamReader(new GZipStream(packed, CompressionMode.Decompress), Encoding.UTF8);
        var read = new List<byte[]>(35_000);
        while (lines.ReadLine() is { } line)
        {
            if (line.Length > 0)
                read.Add(Encoding.UTF8.GetBytes(line));
        }

        return [.. read];
    }
}
