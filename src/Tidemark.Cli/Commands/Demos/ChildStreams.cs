namespace Tidemark.Cli.Commands.Demos;

/// <summary>Standard streams of a child that are pipes of ours; the others are the terminal's.</summary>
[Flags]
internal enum ChildStreams
{
    None = 0,
    Input = 1,
    Output = 2,
}
