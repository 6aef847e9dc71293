namespace Tidemark.Runs.Plans;

/// <summary>Something that a plan does not know.</summary>
/// <param name="What">What.</param>
/// <param name="Remedy">What would make it known.</param>
public sealed record PlanGap(string What, string Remedy);
