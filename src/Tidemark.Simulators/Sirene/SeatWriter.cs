using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Tidemark.Simulators.Hosting;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Sirene;

/// <summary>Writes establishments as JSON, one after the other with the same buffer.</summary>
internal sealed class SeatWriter(SeatMaker maker) : IDisposable
{
    private const string NotDiffused = "[ND]";

    private readonly ArrayBufferWriter<byte> _buffer = new(2048);
    private Utf8JsonWriter? _json;

    public SimulatedRecord Write(int ordinal, SeatRow row)
    {
        var seat = maker.Make(ordinal, row);
        _buffer.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_buffer, Answers.Plain);
        _json.Reset();
        Write(_json, seat);
        _json.Flush();
        return new SimulatedRecord(seat.Siren + seat.Nic, _buffer.WrittenSpan.ToArray(), []);
    }

    public void Dispose() => _json?.Dispose();

    private static void Write(Utf8JsonWriter json, in Seat seat)
    {
        var founded = seat.Founded.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteString("siren"u8, seat.Siren);
        json.WriteString("nic"u8, seat.Nic);
        json.WriteString("siret"u8, seat.Siren is null ? null : seat.Siren + seat.Nic);
        json.WriteString("statutDiffusionEtablissement"u8, seat.IsMasked ? "P" : "O");
        json.WriteString("dateCreationEtablissement"u8, founded);
        json.WriteString("trancheEffectifsEtablissement"u8, seat.Staff);
        json.WriteString("dateDernierTraitementEtablissement"u8, seat.Treated);
        json.WriteBoolean("etablissementSiege"u8, true);

        json.WriteStartObject("uniteLegale"u8);
        json.WriteString("etatAdministratifUniteLegale"u8, "A");
        json.WriteString("denominationUniteLegale"u8, Public(seat, seat.Name));
        json.WriteString("categorieJuridiqueUniteLegale"u8, seat.LegalForm);
        json.WriteString("activitePrincipaleUniteLegale"u8, seat.Activity);
        json.WriteEndObject();

        json.WriteStartObject("adresseEtablissement"u8);
        json.WriteString("numeroVoieEtablissement"u8, Public(seat, seat.StreetNumber));
        json.WriteString("typeVoieEtablissement"u8, Public(seat, seat.StreetType));
        json.WriteString("libelleVoieEtablissement"u8, Public(seat, seat.StreetName));
        json.WriteString("codePostalEtablissement"u8, seat.PostalCode);
        json.WriteString("libelleCommuneEtablissement"u8, seat.CommuneLabel);
        json.WriteString("codeCommuneEtablissement"u8, seat.CommuneCode);
        json.WriteEndObject();

        json.WriteStartArray("periodesEtablissement"u8);
        json.WriteStartObject();
        json.WriteNull("dateFin"u8);
        json.WriteString("dateDebut"u8, founded);
        json.WriteString("etatAdministratifEtablissement"u8, "A");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Public(in Seat seat, string value) => seat.IsMasked ? NotDiffused : value;
}
