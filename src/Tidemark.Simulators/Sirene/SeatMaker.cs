using System.Globalization;
using Tidemark.Simulators.Records;

namespace Tidemark.Simulators.Sirene;

/// <summary>
/// Knows everything of an establishment from its ordinal: the first ones are the communes, the others are generated. Each is the
/// seat, and the only establishment, of its legal unit.
/// </summary>
internal sealed class SeatMaker
{
    private const long SirenNumbers = 60_000_000;

    private readonly CompanyPlace[] _places = CompanyPlace.All;
    private readonly long[] _inhabitants;
    private readonly CompanyDice _dice;
    private readonly int _seed;

    public SeatMaker(int seed)
    {
        _seed = seed;
        _dice = new CompanyDice(seed);
        _inhabitants = new long[_places.Length];
        var sum = 0L;
        for (var i = 0; i < _places.Length; i++)
            _inhabitants[i] = sum += _places[i].Population;
    }

    /// <summary>How many of the first are communes.</summary>
    public int Communes => _places.Length;

    /// <summary>The index of the commune where it is; a large one holds more companies.</summary>
    public int PlaceOf(int ordinal)
    {
        if (IsCommune(ordinal))
            return ordinal;
        var inhabitant = _dice.Roll(ordinal, CompanyTrait.Place, _inhabitants[^1]);
        var found = Array.BinarySearch(_inhabitants, inhabitant + 1);
        if (found < 0)
            return ~found;
        // Uninhabited places repeat the sum before them: the first with this sum is the inhabited one.
        while (found > 0 && _inhabitants[found - 1] == _inhabitants[found])
            found--;
        return found;
    }

    public bool HasSiren(int ordinal) => !IsCommune(ordinal) || _places[ordinal].Siren is not null;

    public string CommuneCode(SeatRow row) => _places[row.Place].Code;

    public string? PostalCode(int ordinal, SeatRow row) => _places[row.Place].PostalCodes switch
    {
        [] => null,
        [var only] => only,
        var codes => IsCommune(ordinal) ? codes[0] : _dice.Pick(ordinal, CompanyTrait.PostalCode, codes),
    };

    public Seat Make(int ordinal, SeatRow row)
    {
        var place = _places[row.Place];
        var siren = IsCommune(ordinal) ? place.Siren : SirenOf(ordinal);
        var trade = _dice.Pick(ordinal, CompanyTrait.Trade, CompanyVocabulary.Trades);
        var staff = (int)_dice.Roll(ordinal, CompanyTrait.Staff, CompanyVocabulary.StaffCodes.Length) + row.Version;
        return new Seat
        {
            Siren = siren,
            Nic = siren is null ? null : NicOf(ordinal, siren),
            IsMasked = !IsCommune(ordinal) && _dice.Roll(ordinal, CompanyTrait.Masked, 20) == 0,
            Founded = IsCommune(ordinal) ? new DateOnly(1983, 3, 1) : new DateOnly(1985, 1, 1).AddDays((int)_dice.Roll(ordinal, CompanyTrait.Founded, 14_600)),
            Staff = CompanyVocabulary.StaffCodes[staff % CompanyVocabulary.StaffCodes.Length],
            Treated = Stamps.Text(DateTimeOffset.FromUnixTimeMilliseconds(row.TreatedAt)).TrimEnd('Z'),
            Name = IsCommune(ordinal) ? "COMMUNE " + place.LabelWithOf : NameOf(ordinal, trade.Word, place),
            LegalForm = IsCommune(ordinal) ? "7210" : trade.LegalForm,
            Activity = IsCommune(ordinal) ? "84.11Z" : trade.Activity,
            StreetNumber = (1 + _dice.Roll(ordinal, CompanyTrait.StreetNumber, 180)).ToString(CultureInfo.InvariantCulture),
            StreetType = IsCommune(ordinal) ? "PLACE" : _dice.Pick(ordinal, CompanyTrait.StreetType, CompanyVocabulary.StreetTypes),
            StreetName = IsCommune(ordinal) ? "DE LA MAIRIE" : _dice.Pick(ordinal, CompanyTrait.StreetName, CompanyVocabulary.StreetNames),
            PostalCode = PostalCode(ordinal, row),
            CommuneLabel = place.Label,
            CommuneCode = place.Code,
        };
    }

    private bool IsCommune(int ordinal) => ordinal < _places.Length;

    /// <summary>
    /// Different for each company and none of a commune, whose numbers begin with 2 or 9: multiplying by a number that shares no
    /// divisor with the count of numbers visits each of them once.
    /// </summary>
    private string SirenOf(int ordinal)
    {
        var number = ((ordinal * 15_485_863L) + (uint)_seed * 7_919L) % SirenNumbers;
        var digits = (30_000_000 + number).ToString("D8", CultureInfo.InvariantCulture);
        return digits + Luhn.CheckDigit(digits);
    }

    private string NicOf(int ordinal, string siren)
    {
        var digits = (1 + _dice.Roll(ordinal, CompanyTrait.Nic, 3)).ToString("D4", CultureInfo.InvariantCulture);
        return digits + Luhn.CheckDigit(siren + digits);
    }

    private string NameOf(int ordinal, string word, CompanyPlace place)
    {
        var surname = _dice.Pick(ordinal, CompanyTrait.Surname, CompanyVocabulary.Surnames);
        return _dice.Roll(ordinal, CompanyTrait.NameStyle, 5) switch
        {
            0 => $"{word} {surname}",
            1 => $"{word} {surname} ET FILS",
            2 => $"{surname} {word}",
            3 => $"{word} {place.LabelWithOf}",
            _ => $"{word} {_dice.Pick(ordinal, CompanyTrait.Epithet, CompanyVocabulary.Epithets)}",
        };
    }
}
