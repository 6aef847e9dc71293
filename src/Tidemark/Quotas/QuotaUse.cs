namespace Tidemark.Quotas;

/// <summary>The quota that the calls of a source are counted in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cost">What a call is expected to cost where its request says nothing; default 1.</param>
public sealed record QuotaUse(string Name, double Cost = 1);
