namespace Tidemark.Cli.Commands.Demos;

/// <summary>A recipe against its simulated APIs, from nothing to figures that anybody can check.</summary>
internal interface IDemo
{
    /// <summary>The recipe's name, which is the demo's.</summary>
    string Recipe { get; }

    /// <summary>Runs it. Its folder holds the recipe, and nothing of an earlier demo.</summary>
    /// <param name="scene">The folder, and what demos have in common.</param>
    /// <param name="stopping">Ends it.</param>
    /// <returns>The exit code: 0 if everything was as it should be.</returns>
    Task<int> RunAsync(DemoScene scene, CancellationToken stopping);
}
