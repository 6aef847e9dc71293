using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>A collection, as a client sees it.</summary>
internal sealed class CollectionHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.DestroyCollection(handle);
        return true;
    }
}
