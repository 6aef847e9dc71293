using System.Diagnostics;

namespace Tidemark.EndToEnd.Support;

/// <summary>A small file system of its own, which can be filled; gone when disposed. For tests that bear <see cref="MountFactAttribute"/>.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts it on a new directory.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="size">Its size, as mount takes it: 64k, 2m.</param>
    public static async Task<SmallDisk> MountAsync(string path, string size)
    {
        Directory.CreateDirectory(path);
        await ShellAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
        return new SmallDisk(path);
    }

    public Task ResizeAsync(string size) => ShellAsync("mount", "-o", $"remount,size={size}", Path);

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives that room back.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync() => await ShellAsync("umount", Path);

    private static async Task ShellAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }
}
