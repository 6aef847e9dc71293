using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>Something of the driver's that has to be given back to it.</summary>
/// <param name="destroy">Gives it back.</param>
internal abstract class DriverHandle(Action<nint> destroy) : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        destroy(handle);
        return true;
    }
}
