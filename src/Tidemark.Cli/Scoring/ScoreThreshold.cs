namespace Tidemark.Cli.Scoring;

/// <summary>What a recommendation asks for at least.</summary>
/// <param name="Roi">Percent.</param>
/// <param name="Velocity">0 to 100.</param>
internal sealed record ScoreThreshold(double Roi, double Velocity)
{
    public bool Holds(double roi, double velocity) => roi >= Roi && velocity >= Velocity;
}
