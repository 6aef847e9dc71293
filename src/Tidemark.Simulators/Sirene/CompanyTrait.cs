namespace Tidemark.Simulators.Sirene;

/// <summary>What is drawn for a company, each independently of the others.</summary>
internal enum CompanyTrait
{
    Place,
    PostalCode,
    Masked,
    Nic,
    Founded,
    Staff,
    Trade,
    NameStyle,
    Surname,
    Epithet,
    StreetNumber,
    StreetType,
    StreetName,
}
