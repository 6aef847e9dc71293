namespace Tidemark.Simulators.Enrichment;

/// <summary>What the service makes of a company; all but the first are of no use.</summary>
internal enum ReviewOutcome
{
    Good,
    Empty,
    TooShort,

    /// <summary>The one text of the seed that is given to many companies.</summary>
    Copied,
    NotJson,
    Failed,
}
