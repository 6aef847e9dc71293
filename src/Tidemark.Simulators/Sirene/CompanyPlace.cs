using System.Text;
using System.Text.Json;
using Tidemark.Simulators.Communes;

namespace Tidemark.Simulators.Sirene;

/// <summary>A commune as an address names it, and as the legal unit that it is itself.</summary>
/// <param name="Code">INSEE's code, such as <c>94076</c>.</param>
/// <param name="Label">In the spelling of addresses: capitals without accents.</param>
/// <param name="Siren">Null for the few that have none.</param>
/// <param name="PostalCodes">Often one; empty for uninhabited islands.</param>
/// <param name="Population">Zero where it is unknown.</param>
internal sealed record CompanyPlace(string Code, string Label, string? Siren, string[] PostalCodes, int Population)
{
    private const string Accented = "ÀÁÂÄÃÇÈÉÊËÌÍÎÏÑÒÓÔÖÙÚÛÜŸ-";

    private const string Bare = "AAAAACEEEEIIIINOOOOUUUUY ";

    private static readonly Lazy<CompanyPlace[]> Read = new(static () => [.. CommuneData.Lines.Select(Of)]);

    /// <summary>Such as <c>DE BEHONNE</c> or <c>D'ALFORTVILLE</c>.</summary>
    public string LabelWithOf => (Label[0] is 'A' or 'E' or 'I' or 'O' or 'U' ? "D'" : "DE ") + Label;

    public static CompanyPlace[] All => Read.Value;

    private static CompanyPlace Of(byte[] line)
    {
        using var document = JsonDocument.Parse(line);
        var commune = document.RootElement;
        return new CompanyPlace(
            commune.GetProperty("code").GetString()!,
            LabelOf(commune.GetProperty("nom").GetString()!),
            commune.TryGetProperty("siren", out var siren) ? siren.GetString() : null,
            commune.TryGetProperty("codesPostaux", out var codes) ? [.. codes.EnumerateArray().Select(static code => code.GetString()!)] : [],
            commune.TryGetProperty("population", out var population) ? population.GetInt32() : 0);
    }

    private static string LabelOf(string name)
    {
        var label = new StringBuilder(name.Length + 2);
        foreach (var letter in name.ToUpperInvariant())
        {
            if (letter is 'Œ' or 'Æ')
                label.Append(letter is 'Œ' ? "OE" : "AE");
            else
                label.Append(Accented.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at ? Bare[at] : letter);
        }

        return label.ToString();
    }
}
