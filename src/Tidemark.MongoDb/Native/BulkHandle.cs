using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>Writes that are sent together.</summary>
internal sealed class BulkHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.DestroyBulk(handle);
        return true;
    }
}
