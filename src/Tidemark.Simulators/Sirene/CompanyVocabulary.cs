namespace Tidemark.Simulators.Sirene;

/// <summary>What the names and addresses of generated companies are made of.</summary>
internal static class CompanyVocabulary
{
    /// <summary>How a name begins, the activity (NAF) and the legal form that go with it.</summary>
    public static readonly (string Word, string Activity, string LegalForm)[] Trades =
    [
        ("BOULANGERIE", "10.71C", "5499"), ("PATISSERIE", "10.71D", "5499"), ("GARAGE", "45.20A", "5499"), ("PHARMACIE", "47.73Z", "5485"),
        ("SCI", "68.20B", "6540"), ("EARL", "01.50Z", "6598"), ("GAEC", "01.41Z", "6533"), ("TAXI", "49.32Z", "5499"),
        ("CABINET", "69.10Z", "5485"), ("COIFFURE", "96.02A", "5499"), ("MENUISERIE", "43.32A", "5499"), ("PLOMBERIE", "43.22A", "5710"),
        ("TRANSPORTS", "49.41A", "5710"), ("RESTAURANT", "56.10A", "5499"), ("HOTEL", "55.10Z", "5710"), ("CONSEIL", "70.22Z", "5710"),
        ("INFORMATIQUE", "62.01Z", "5710"), ("CAVES", "11.02B", "5599"), ("IMPRIMERIE", "18.12Z", "5499"), ("LIBRAIRIE", "47.61Z", "5499"),
        ("ELECTRICITE", "43.21A", "5710"), ("MACONNERIE", "43.99C", "5499"), ("PAYSAGES", "81.30Z", "5710"), ("AMBULANCES", "86.90A", "5499"),
        ("FROMAGERIE", "10.51C", "5499"), ("PRESSING", "96.01B", "5499"), ("OPTIQUE", "47.78A", "5499"), ("ASSOCIATION", "94.99Z", "9220"),
    ];

    public static readonly string[] Surnames =
    [
        "MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT", "SIMON", "MICHEL", "LEFEVRE", "LEROY",
        "ROUX", "DAVID", "BERTRAND", "MOREL", "FOURNIER", "GIRARD", "BONNET", "DUPONT", "LAMBERT", "FONTAINE", "ROUSSEAU", "VINCENT", "MULLER", "FAURE",
        "MERCIER", "BLANC", "GUERIN", "BOYER", "GARNIER", "CHEVALIER", "FRANCOIS", "LEGRAND", "GAUTHIER", "GARCIA", "PERRIN", "ROBIN", "CLEMENT", "MORIN",
        "NICOLAS", "HENRY", "ROUSSEL", "MATHIEU", "GAUTIER", "MASSON", "MARCHAND", "DUVAL", "DENIS", "DUMONT", "LEMAIRE", "NOEL", "MEYER", "DUFOUR",
    ];

    public static readonly string[] Epithets =
    [
        "DU CENTRE", "DE LA GARE", "DU MARCHE", "DES HALLES", "DU PONT", "DU MOULIN", "DE LA FONTAINE", "DES TILLEULS", "DU CHATEAU", "DE L'EGLISE",
        "DES ACACIAS", "DU PARC", "DE LA PLAGE", "DES VIGNES", "DU LAVOIR", "DES QUATRE VENTS", "DU SOLEIL", "DE L'ETOILE", "DES LILAS", "DU PORT",
    ];

    public static readonly string[] StreetTypes = ["RUE", "AVENUE", "BOULEVARD", "PLACE", "CHEMIN", "IMPASSE", "ROUTE", "ALLEE"];

    public static readonly string[] StreetNames =
    [
        "DE LA REPUBLIQUE", "VICTOR HUGO", "DE LA PAIX", "PASTEUR", "JEAN JAURES", "DU GENERAL DE GAULLE", "DES ECOLES", "DE LA MAIRIE", "DE PARIS",
        "DU STADE", "EMILE ZOLA", "DES JARDINS", "DU 8 MAI 1945", "GAMBETTA", "DE VERDUN", "DES ROSES", "NATIONALE", "DE BELLEVUE", "DU BOIS", "D'ALSACE",
    ];

    /// <summary>INSEE's codes of how many people work there, from unknown to 250 and more.</summary>
    public static readonly string[] StaffCodes = ["NN", "00", "01", "02", "03", "11", "12", "21", "22", "31", "32"];
}
