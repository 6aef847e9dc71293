using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>A cursor over documents.</summary>
internal sealed class CursorHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.DestroyCursor(handle);
        return true;
    }
}
