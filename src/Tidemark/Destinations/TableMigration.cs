namespace Tidemark.Destinations;

/// <summary>A step that makes tables of a user's own: SQL, applied once.</summary>
/// <param name="Name">Its name, by which it is known to be applied; steps are applied in the order of their names.</param>
/// <param name="Sql">Its statements.</param>
public sealed record TableMigration(string Name, string Sql);
