namespace Tidemark.Configuration.Tests;

public sealed class EnvironmentTests : IDisposable
{
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Variables_are_replaced_in_values_and_stay_what_was_written()
    {
        _scene.Environment["NAME"] = "a: b # [x]\nname: c";
        _scene.Environment["COUNT"] = "7";
        _scene.Environment["EMPTY"] = "";
        _scene.Environment["KEY"] = "null";
        var pipeline = _scene.Read("""
            name: ${NAME}
            parallel_streams: ${COUNT}
            sources:
              api:
                type: rest
                url: "http://${HOST:-localhost}:${PORT:-80}/${EMPTY:-x}$${NO}"
                key: ${KEY}
            destinations: { db: { url: "${DB:-sqlite:test.db}" } }
            streams: { a: { request: { path: / } } }
            """);
        pipeline.Name.ShouldBe("a: b # [x]\nname: c");
        pipeline.ParallelStreams.ShouldBe(7);
        var source = pipeline.Sources["api"].ShouldBeOfType<RestSource>();
        source.Url!.OriginalString.ShouldBe("http://localhost:80/x${NO}");
        source.Key!.Reveal().ShouldBe("null");
        pipeline.Destinations["db"].ShouldBe(new SqliteDestination(Path.Combine(_scene.Directory, "test.db")));
    }

    [Theory]
    [InlineData("${CRM_NAME}", "the environment variable CRM_NAME is not set; set it, add CRM_NAME=… to the file .env beside this one, or write ${CRM_NAME:-default}")]
    [InlineData("${CRM-NAME}", "found '${CRM-NAME}', expected ${NAME} or ${NAME:-default}; write $${ for a text that has ${ in it")]
    [InlineData("${}", "found '${}', expected ${NAME} or ${NAME:-default}; write $${ for a text that has ${ in it")]
    [InlineData("${1A}", "found '${1A}', expected ${NAME} or ${NAME:-default}; write $${ for a text that has ${ in it")]
    [InlineData("${A:-${B}}", "found '${A:-${B}', expected ${NAME} or ${NAME:-default}; write $${ for a text that has ${ in it")]
    [InlineData("${A", "'}' is missing after '${'; write $${ for a text that has ${ in it")]
    public void A_variable_that_is_missing_or_malformed_is_an_error_in_its_place(string value, string error) =>
        _scene.Errors(ConfigurationScene.Head + $"  a: {{ request: {{ path: / }}, max_failed: \"{value}\" }}\n").ShouldBe(["tidemark.yaml:7:42: " + error]);

    [Fact]
    public void The_file_beside_is_read_and_the_environment_wins()
    {
        _scene.WriteDotEnv("\uFEFF# names\nexport NAME=from file\r\nKEY='a $ \\ b' # it is\nSTORE=\"sqlite:a\\tb\" \nOTHER=x # comment\nHASH=x#y\nEMPTY=\n\n");
        _scene.Environment["NAME"] = "from environment";
        var pipeline = _scene.Read("""
            name: ${NAME} ${OTHER} ${HASH}${EMPTY}
            store: ${STORE}
            sources: { api: { type: rest, url: "http://localhost", key: "${KEY}" } }
            destinations: { db: { type: sqlite, path: test.db } }
            streams: { a: { request: { path: / } } }
            """);
        pipeline.Name.ShouldBe("from environment x x#y");
        pipeline.Store.ShouldBe(new SqliteDestination($"{_scene.Directory}/a\tb"));
        pipeline.Sources["api"].ShouldBeOfType<RestSource>().Key!.Reveal().ShouldBe("a $ \\ b");
    }

    [Fact]
    public void The_file_beside_has_errors_with_places_and_without_values()
    {
        _scene.WriteDotEnv("A=1\nmy secret\n  export 2B=secret\nC='secret\nD=\"secret\\q\"\nE='secret' secret\n");
        _scene.Errors(ConfigurationScene.Head + "  a: { request: { path: / } }\n").ShouldBe([
            ".env:2:1: expected KEY=VALUE, or # before a comment",
            ".env:3:10: expected a name of letters, digits and '_' before '='",
            ".env:4:3: the closing ' of C is missing",
            ".env:5:10: found an unknown escape in D, expected \\n, \\r, \\t, \\\", \\$ or \\\\; single quotes keep everything as it is",
            ".env:6:11: expected the end of the line after the value of E",
        ]);
    }

    [Fact]
    public void No_error_shows_a_value_that_came_from_outside()
    {
        _scene.Environment["S"] = "pw1";
        _scene.Environment["LONG"] = "hunter2-hunter2";
        string[] lines = [.. _scene.Errors("""
            name: test
            store: ${LONG}
            sources:
              api: { type: rest, url: "postgres://me:${S}@host", key: "", timeout: "${S}" }
              other: { type: "${S}" }
            destinations:
              db: { url: "oracle://me:${S}@host" }
              pg: { url: "mongodb://me:${S}@host" }
            streams:
              a: { source: "${LONG}", request: { path: "{{ ${LONG} }}" }, columns: { a: "${S}", b: { path: "${S}[" } }, max_delete: "${S}" }
              b: { source: api, request: { path: "{{ ${LONG} }}" }, records: "${S}[" }
            """)];
        lines.ShouldNotContain(l => l.Contains("pw1", StringComparison.Ordinal) || l.Contains("hunter2", StringComparison.Ordinal));
        lines.Length.ShouldBeGreaterThan(9);
        lines.ShouldContain("tidemark.yaml:4:72: found '${S}', expected a duration such as 30s, 15m, 6h, 7d or PT1H30M", StringComparer.Ordinal);
        lines.ShouldContain("tidemark.yaml:8:14: found a URL that begins with 'mongodb:', expected one of sqlite:…, postgresql:…", StringComparer.Ordinal);
    }
}
