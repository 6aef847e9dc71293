namespace Tidemark.Simulators.Crm;

/// <summary>The vocabulary of the data: mostly French, with the scripts that a real customer list holds too.</summary>
internal static class Words
{
    public static readonly string[] FirstNames =
    [
        "Amélie", "Benoît", "Céline", "Damien", "Élodie", "François", "Gaëlle", "Hélène", "Inès", "Jérôme", "Léa", "Loïc",
        "Maëlys", "Noël", "Océane", "Raphaël", "Solène", "Théo", "Zoé", "Anaïs", "Chloé", "Cédric", "Jean-Baptiste",
        "Þóra", "Søren", "Łukasz", "Željka", "Ελένη", "Дмитрий", "美咲", "유진", "שרה", "ليلى", "Nguyễn", "João",
    ];

    public static readonly string[] LastNames =
    [
        "Lefèvre", "Dubois", "Garçon", "Müller", "Beauséjour", "d'Aubigné", "Fauré", "Désaugiers", "Pleyel", "L'Hermite",
        "Châtelain", "Noël-Baron", "Crépin", "Gérard", "Hüe", "Legoût", "Mâcon", "Œuvrard", "Père", "Saint-Saëns", "Tailleferre",
        "Иванова", "Παπαδόπουλος", "田中", "김", "כהן", "حداد", "Trần", "Ångström", "Dvořák", "O'Brien", "Smith",
    ];

    public static readonly string[] Companies =
    [
        "Conservatoire à rayonnement régional", "École de musique « La Clé de Sol »", "Théâtre du Châtelet", "Hôtel Beau-Rivage",
        "Église Saint-Étienne", "Lycée Honoré-de-Balzac", "Café-concert L'Étoile", "Studio Ré♯", "Association Musique & Cœur",
    ];

    public static readonly (string PostalCode, string City, string Country)[] Cities =
    [
        ("75011", "Paris", "FR"), ("69003", "Lyon", "FR"), ("31000", "Toulouse", "FR"), ("44000", "Nantes", "FR"),
        ("63000", "Clermont-Ferrand", "FR"), ("42000", "Saint-Étienne", "FR"), ("29200", "Brest", "FR"), ("30100", "Alès", "FR"),
        ("74000", "Annecy", "FR"), ("01500", "Ambérieu-en-Bugey", "FR"), ("62290", "Nœux-les-Mines", "FR"), ("97400", "Saint-Denis", "FR"),
        ("1000", "Bruxelles", "BE"), ("1204", "Genève", "CH"), ("H2X 1Y4", "Montréal", "CA"), ("50667", "Köln", "DE"),
    ];

    public static readonly string[] Streets =
    [
        "rue de la République", "avenue Jean-Jaurès", "place de l'Église", "chemin des Écoliers", "quai Saint-Antoine",
        "boulevard Voltaire", "impasse du Pré-aux-Clercs", "allée des Érables", "rue du Général-de-Gaulle",
    ];

    public static readonly string[] Makes =
        ["Pleyel", "Érard", "Gaveau", "Steinway & Sons", "Yamaha", "Kawai", "Bösendorfer", "Blüthner", "Petrof", "C. Bechstein", "Fazioli"];

    public static readonly string[] Services =
        ["Accord", "Réglage de la mécanique", "Harmonisation", "Remplacement de cordes", "Expertise", "Accord avant concert", "Dépoussiérage"];

    public static readonly string[] Remarks =
    [
        "Le la est à 438 Hz.", "Humidité trop basse : prévoir un humidificateur.", "Clé chez la gardienne.", "Chien gentil 🐶",
        "Pédale forte qui grince.", "Préfère le matin.", "À rappeler après les vacances.", "Touche do♯4 collante.\nVoir au prochain accord.",
        "Guillemets \"droits\" et « français ».", "お客様は英語を話します。",
    ];

    public static readonly string[] Tags =
        ["concert", "école", "fidèle", "à relancer", "église", "VIP", "piano ancien", "sans ascenseur", "facture mensuelle"];
}
