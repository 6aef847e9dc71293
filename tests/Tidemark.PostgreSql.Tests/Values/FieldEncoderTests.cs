using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tidemark.PostgreSql.Tests.Writing;
using Tidemark.Tests.Shared;

namespace Tidemark.PostgreSql.Tests.Values;

/// <summary>Values go to the server in binary form and come back as text: the server must have understood them as it does their text.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class FieldEncoderTests(PostgresServer server)
{
    [Fact]
    public Task Decimals_keep_all_their_digits() => SameAsTextAsync("numeric", seed =>
    {
        var random = new Random(seed);
        var whole = Digits(random, random.Next(0, 45)).TrimStart('0');
        var fraction = Digits(random, random.Next(0, 45));
        var text = $"{(random.Next(2) == 0 ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : $".{fraction}")}";
        return random.Next(3) == 0 ? $"{text}e{random.Next(-60, 60)}" : text;
    });

    [Fact]
    public Task Decimals_at_the_edges_keep_all_their_digits() => SameAsTextAsync("numeric",
        ["0", "-0", "0.0", "-0.000", "1", "10", "9999", "10000", "100000000", "0.1", "0.0001", "0.00001", "0.00000001", "1e4", "1e-4", "1e5", "1e-5", "12345.6789", "1e100", "-1e-100", "1e131071",
            "9223372036854775807", "-9223372036854775808", "9223372036854775808", "123456789012345678901234567890", "1.50", "1.5e1", "1.50e-1", "15e1", new string('9', 20_000), "0." + new string('7', 16_383)]);

    [Fact]
    public async Task Zeros_at_the_end_of_a_long_decimal_are_kept()
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, v numeric)");
        (await BackAsync(bench, ["1.2345678901234567890000", "0.0000000000000000000000", "-12345678901234567890e-4"], "v::text"))
            .ShouldBe(["1.2345678901234567890000", "0.0000000000000000000000", "-1234567890123456.7890"]);
    }

    [Fact]
    public Task Whole_numbers_keep_all_their_digits() => SameAsTextAsync("bigint", seed => new Random(seed).NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public Task Doubles_keep_all_their_bits() => SameAsTextAsync("double precision", seed =>
    {
        var number = BitConverter.Int64BitsToDouble(new Random(seed).NextInt64());
        return (double.IsFinite(number) ? number : seed).ToString("R", CultureInfo.InvariantCulture);
    });

    [Fact]
    public Task Points_in_time_keep_their_microseconds() => SameAsTextAsync("timestamptz", seed =>
    {
        var random = new Random(seed);
        var time = new DateTimeOffset(random.NextInt64(DateTime.MinValue.AddDays(2).Ticks, DateTime.MaxValue.AddDays(-2).Ticks) / 10 * 10, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(random.Next(-840, 840)));
        return $"\"{time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture)}\"";
    });

    [Fact]
    public Task Days_are_the_same_days() => SameAsTextAsync("date", seed => $"\"{DateOnly.FromDayNumber(new Random(seed).Next(DateOnly.MaxValue.DayNumber)):yyyy-MM-dd}\"");

    [Fact]
    public Task Truth_stays_true() => SameAsTextAsync("boolean", ["true", "false"]);

    [Fact]
    public Task Json_stays_as_it_is() => SameAsTextAsync("jsonb", ["""{"a":[1,"\\u0000",{"b":null}]}""", """["é","\ud83d\ude00","\n"]""", """{"a":1.10,"b":1e3}"""]);

    [Theory]
    [InlineData("text", "v")]
    [InlineData("jsonb", "v #>> '{}'")]
    public async Task Text_keeps_every_character(string type, string expression)
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: $"CREATE TABLE t (id bigint PRIMARY KEY, v {type})");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(ArbMap.Default.ArbFor<string[]>(), texts =>
        {
            // NUL and halves of characters are refused before they come here; the x keeps a text from being a date.
            var kept = texts.Select(t => "x" + new string([.. (t ?? "").Where(c => c != '\0' && !char.IsSurrogate(c))])).Append("😀\"\\\u001f\u007f").ToArray();
            BackAsync(bench, [.. kept.Select(t => JsonSerializer.Serialize(t))], $"encode(convert_to({expression}, 'UTF8'), 'hex')").GetAwaiter().GetResult()
                .ShouldBe(kept.Select(t => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(t))));
        }));
    }

    [Fact]
    public async Task Bytes_are_read_from_base64()
    {
        byte[][] values = [[], [0], [1, 2, 255], new byte[1000]];
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, v bytea)");
        (await BackAsync(bench, [.. values.Select(v => $"\"{Convert.ToBase64String(v)}\"")], "encode(v, 'hex')"))
            .ShouldBe(values.Select(v => string.Concat(v.Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))));
    }

    [Fact]
    public async Task Numbers_that_no_numeric_holds_are_faults_of_the_record()
    {
        await using var bench = await RowsBench.OpenAsync(server, sql: "CREATE TABLE t (id bigint PRIMARY KEY, v numeric)");
        foreach (var value in new[] { "1e131072", "1.0000000000000000000e-16384", "1e999999999999" })
        {
            (await Should.ThrowAsync<Destinations.DestinationException>(() => BackAsync(bench, [value], "v::text"))).Message.ShouldContain("expected at most 131072 digits");
        }
    }

    private async Task SameAsTextAsync(string type, Func<int, string> value)
    {
        var random = new Random(4711);
        await SameAsTextAsync(type, [.. Enumerable.Range(0, 2000).Select(_ => value(random.Next()))]);
    }

    private async Task SameAsTextAsync(string type, string[] values)
    {
        // A number with few digits comes as a double, which knows no zeros at its end.
        var shown = type == "numeric" ? "trim_scale({0})::text" : "{0}::text";
        await using var bench = await RowsBench.OpenAsync(server, sql: $"CREATE TABLE t (id bigint PRIMARY KEY, v {type})");
        await WriteAsync(bench, values);
        var texts = values.Select(v => v.StartsWith('"') ? v[1..^1] : v).ToArray();
        var expected = await bench.Writer.Session.RowsAsync($"SELECT {shown.Replace("{0}", $"(x::{type})", StringComparison.Ordinal)} FROM unnest($1::text[]) WITH ORDINALITY AS u(x, n) ORDER BY n", default, (object)texts);
        var found = await bench.Writer.Session.RowsAsync($"SELECT {shown.Replace("{0}", "v", StringComparison.Ordinal)} FROM t ORDER BY id", default);
        found.ConvertAll(r => r[0]).ShouldBe(expected.ConvertAll(r => r[0]));
    }

    private static async Task<IEnumerable<string?>> BackAsync(RowsBench bench, string[] values, string expression)
    {
        await bench.SqlAsync("TRUNCATE t");
        await WriteAsync(bench, values);
        return (await bench.Writer.Session.RowsAsync($"SELECT {expression} FROM t ORDER BY id", default)).Select(r => (string?)r[0]);
    }

    // Into an empty table: by COPY.
    private static Task WriteAsync(RowsBench bench, string[] values) =>
        bench.Writer.WriteRawAsync([.. values.Select((v, i) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{i},\"v\":{v}}}"))]);

    private static string Digits(Random random, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(4) == 0 ? "0" : $"{random.Next(10)}"));
}
