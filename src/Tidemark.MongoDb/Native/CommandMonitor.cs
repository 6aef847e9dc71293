using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>Is told of each command that the clients of a pool send, as the driver tells it.</summary>
/// <remarks>It may be called by any thread at any time, as long as the pool lives, and must not throw.</remarks>
internal sealed unsafe class CommandMonitor : IDisposable
{
    private readonly Action<string> _onCommand;
    private GCHandle _self;

    public CommandMonitor(PoolHandle pool, Action<string> onCommand)
    {
        _onCommand = onCommand;
        _self = GCHandle.Alloc(this);
        var callbacks = LibMongoc.NewCallbacks();
        LibMongoc.SetStarted(callbacks, &Started);
        LibMongoc.SetCallbacks(pool, callbacks, GCHandle.ToIntPtr(_self));
        // The pool has copied them.
        LibMongoc.DestroyCallbacks(callbacks);
    }

    /// <summary>At this point the pool is gone.</summary>
    public void Dispose() => _self.Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Started(nint started)
    {
        try
        {
            var name = Marshal.PtrToStringUTF8(LibMongoc.StartedName(started));
            if (name is not null && GCHandle.FromIntPtr(LibMongoc.StartedContext(started)).Target is CommandMonitor monitor) monitor._onCommand(name);
        }
        catch (Exception e)
        {
            // Above is the driver, which knows no exceptions.
            System.Diagnostics.Debug.WriteLine(e);
        }
    }
}
