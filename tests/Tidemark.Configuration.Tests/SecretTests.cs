namespace Tidemark.Configuration.Tests;

public sealed class SecretTests : IDisposable
{
    private const string Password = "hunter2";
    private readonly ConfigurationScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("db: postgresql://u:hunter2@host/db")]
    [InlineData("db: \"${DB}\"")]
    [InlineData("db: [\"postgresql://u:hunter2@host/db\"]")]
    [InlineData("db: { type: \"postgresql://u:hunter2@host/db\" }")]
    [InlineData("db: { url: \"oracle://u:hunter2@host/db\" }")]
    [InlineData("db: { url: \"oracle://host/db?user=u&password=hunter2\" }")]
    [InlineData("db: { type: postgresql, url: \"postgresql://u:hunter2@host/db\", \"postgresql://u:hunter2@host/db\": 1 }")]
    [InlineData("db: { type: postgresql, url: \"postgresql://u:hunter2@host/db\", key: \"postgresql://u@host/db?sslpassword=hunter2\" }")]
    [InlineData("db: { url: \"postgresql://u:hunter2@host/db\", schema: x }")]
    [InlineData("db: { url: \"mongodb+srv://u:hunter2@host\" }")]
    public void Password_in_a_url_is_in_no_message(string destination)
    {
        _scene.Environment["DB"] = $"postgresql://u:{Password}@host/db";
        var errors = _scene.Errors($"name: test\nsources: {{ rows: {{ type: stdin }} }}\ndestinations: {{ {destination} }}\nstreams: {{ a: {{ primary_key: id }} }}\n");
        errors.ShouldNotBeEmpty();
        foreach (var error in errors) error.ShouldNotContain(Password);
    }

    [Fact]
    public void Password_in_a_url_does_not_print_with_the_definition() =>
        _scene.Read($"name: test\nsources: {{ rows: {{ type: stdin }} }}\ndestinations: {{ db: {{ url: \"postgresql://u:{Password}@host/db\" }} }}\nstreams: {{ a: {{ primary_key: id }} }}\n")
            .Destinations["db"].ToString().ShouldNotContain(Password);
}
