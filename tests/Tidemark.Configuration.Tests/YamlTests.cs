using Tidemark.Sources.Files;

namespace Tidemark.Configuration.Tests;

public sealed class YamlTests : IDisposable
{
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("name: a\nstore: sqlite:x\nname: b\n", "tidemark.yaml:3:1: found the key 'name' again; it stands on line 1 already; keep one of the two")]
    [InlineData("name: a\n---\nname: b\n", "tidemark.yaml:2:1: found a second document ('---'), expected one; put each pipeline into a file of its own")]
    [InlineData("streams:\n\tclients: {}\n", "tidemark.yaml:2:1: found a tab in the indentation, expected spaces")]
    [InlineData("name: a: b\n", "tidemark.yaml:1:8: found ': ' inside a value, or a key that is indented too far; put a text with ': ' in it between quotes, and begin keys of one level in one column")]
    [InlineData("name: @a\n", "tidemark.yaml:1:7: found '@', which can't begin a value; put the text between quotes")]
    [InlineData("name: \"a\n", "tidemark.yaml:1:7: the closing quote of this text is missing")]
    [InlineData("name: 'a' b\n", "tidemark.yaml:1:11: expected a key here; are the keys of one level in one column, and is a text with quotes in it quoted as a whole?")]
    [InlineData("name: [a,\n", "tidemark.yaml:2:1: expected a value here; is a '[' or '{' closed?")]
    [InlineData("a: 1\n  \tb: 2\n", "tidemark.yaml:2:3: found a tab in the indentation, expected spaces")]
    [InlineData("a: { b: ${NAME} }\n", "tidemark.yaml:1:10: expected something else here; put a text with ${…} in it between quotes where it stands inside [ ] or { }")]
    [InlineData("", "tidemark.yaml:1:1: the file is empty; 'tidemark init' writes one that runs as it stands")]
    [InlineData("# nothing\n", "tidemark.yaml:1:1: the file is empty; 'tidemark init' writes one that runs as it stands")]
    public void What_is_no_configuration_file_is_said_in_plain_words(string text, string error) => _scene.Errors(text).ShouldContain(error, StringComparer.Ordinal);

    [Fact]
    public void Bytes_that_are_no_utf8_are_found() =>
        _scene.Errors([.. "name: a\nstore: caf"u8, 0xE9, .. "\n"u8]).ShouldBe(["tidemark.yaml:2:11: found bytes that are not UTF-8; save the file as UTF-8"]);

    [Fact]
    public void A_list_at_the_top_is_refused() =>
        _scene.Errors("- a\n").ShouldHaveSingleItem().ShouldStartWith("tidemark.yaml:1:1: found a list, expected a mapping with the keys name, store, ");

    [Fact]
    public void A_missing_file_is_named_with_its_directory_and_the_way_out()
    {
        var e = Should.Throw<Definitions.ConfigException>(() => ConfigurationReader.Read(_scene.File, FakeConnectors.All, _scene.Environment));
        e.Message.ShouldBe($"{_scene.File}: there is no such file in {_scene.Directory}; 'tidemark init' writes one that runs as it stands, -c FILE names another");
        e = Should.Throw<Definitions.ConfigException>(() => ConfigurationReader.Read(_scene.Directory, FakeConnectors.All, _scene.Environment));
        e.Message.ShouldBe($"{_scene.Directory}: found a directory, expected a file; name it with -c FILE");
    }

    [Fact]
    public void Anchors_aliases_and_merges_are_unfolded()
    {
        var pipeline = _scene.Read("""
            name: test
            sources: { rows: { type: file, path: rows.jsonl } }
            destinations: { db: { type: sqlite, path: test.db } }
            streams:
              a: &defaults
                primary_key: &key [id, day]
                max_failed: 5
              b: { <<: *defaults, max_failed: 7 }
              c: { primary_key: *key }
            """);
        pipeline.Streams.Select(s => (s.Name, string.Join('+', s.PrimaryKey), s.MaxFailed)).ShouldBe([("a", "id+day", 5), ("b", "id+day", 7), ("c", "id+day", 1000)]);
        pipeline.Streams[0].Request.ShouldBeOfType<FileRequest>();
    }

    [Fact]
    public void A_mistake_behind_an_anchor_is_said_once() =>
        _scene.Errors(ConfigurationScene.Head + "  a: &x { request: { path: /a }, max_failed: many }\n  b: *x\n")
            .ShouldBe(["tidemark.yaml:7:46: found 'many', expected a whole number, at least 0"]);

    [Theory]
    [InlineData("name: *none\n", "tidemark.yaml:1:7: found *none, but no &none comes before it")]
    [InlineData("name: !secret a\n", "tidemark.yaml:1:7: found the tag '!secret', which is not supported here; take it out, or put a text between quotes")]
    [InlineData("? [a]\n: b\n", "tidemark.yaml:1:3: found a list as a key, expected a name")]
    [InlineData("${NAME}: a\n", "tidemark.yaml:1:1: found '${NAME}' as a key; environment variables are replaced in values only")]
    [InlineData("<<: a\n", "tidemark.yaml:1:5: found 'a' after '<<', expected an alias of a mapping, such as *defaults")]
    public void What_yaml_has_and_we_do_not_is_refused(string text, string error) => _scene.Errors(text).ShouldContain(error, StringComparer.Ordinal);

    [Fact]
    public void Aliases_cannot_grow_without_bound()
    {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        _scene.Errors(text).ShouldBe(["tidemark.yaml:5:45: not valid YAML: found more than 100000 values, aliases unfolded"]);
        _scene.Errors(new string('[', 5000)).ShouldBe(["tidemark.yaml:1:65: not valid YAML: found more than 64 levels"]);
    }
}
