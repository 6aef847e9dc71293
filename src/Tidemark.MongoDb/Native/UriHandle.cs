using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>An address that the driver has read.</summary>
internal sealed class UriHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.DestroyUri(handle);
        return true;
    }
}
