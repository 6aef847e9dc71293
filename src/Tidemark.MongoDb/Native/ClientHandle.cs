using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>A client out of a pool, which goes back there.</summary>
internal sealed class ClientHandle : SafeHandle
{
    private readonly PoolHandle _pool;

    public ClientHandle(PoolHandle pool)
        : base(0, ownsHandle: true)
    {
        _pool = pool;
        var isHeld = false;
        pool.DangerousAddRef(ref isHeld);
        SetHandle(LibMongoc.Pop(pool));
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibMongoc.Push(_pool.DangerousGetHandle(), handle);
        _pool.DangerousRelease();
        return true;
    }
}
