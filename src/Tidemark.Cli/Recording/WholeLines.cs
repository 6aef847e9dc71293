using System.Text;
using Serilog.Sinks.File;

namespace Tidemark.Cli.Recording;

/// <summary>Begins a new line where a process that died has left a torn one.</summary>
internal sealed class WholeLines : FileLifecycleHooks
{
    public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
    {
        if (underlyingStream.Length > 0 && LastByte(path) != '\n') underlyingStream.Write("\n"u8);
        return underlyingStream;
    }

    private static int LastByte(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte();
    }
}
