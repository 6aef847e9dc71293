using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>A pool of clients, with its threads that watch the servers.</summary>
internal sealed class PoolHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.DestroyPool(handle);
        return true;
    }
}
