using System.Diagnostics;

namespace Tidemark.EndToEnd.Support;

/// <summary>A test that mounts a small file system: skipped where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private static readonly bool CanMount = Try();

    public MountFactAttribute()
    {
        if (!CanMount) Skip = "a full disk needs a small tmpfs, and mounting one is not allowed here: it takes root on Linux";
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !string.Equals(Environment.UserName, "root", StringComparison.Ordinal)) return false;
        var directory = Directory.CreateTempSubdirectory("tidemark-mount-").FullName;
        try
        {
            return Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory) && Run("umount", directory);
        }
        finally
        {
            Directory.Delete(directory);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
