using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>Room for one of the driver's documents, which it wants to be 128 bytes at a multiple of 128.</summary>
internal sealed unsafe class BsonSlot : IDisposable
{
    private const int Size = 128;
    private const int LengthAt = 4;

    /// <summary>Where it is.</summary>
    public void* Pointer { get; private set; } = NativeMemory.AlignedAlloc(Size, Size);

    /// <summary>Makes it a view on a document's bytes, which must not move while it is used.</summary>
    public void View(byte* bytes, int length)
    {
        if (!LibBson.InitStatic(Pointer, bytes, (nuint)length)) throw new InvalidOperationException("a document of ours is none");
    }

    /// <summary>Copies the document that the driver has made in it, and gives its memory back.</summary>
    public byte[] Take() => Take(static document => document.ToArray());

    /// <summary>Reads the document that the driver has made in it, and gives its memory back.</summary>
    public T Take<T>(Func<ReadOnlySpan<byte>, T> read)
    {
        try
        {
            return read(BytesOf(Pointer));
        }
        finally
        {
            LibBson.Destroy(Pointer);
        }
    }

    /// <summary>Copies a document of the driver's.</summary>
    public static byte[] Copy(void* document) => BytesOf(document).ToArray();

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }

    private static ReadOnlySpan<byte> BytesOf(void* document) => new(LibBson.GetData(document), *(int*)((byte*)document + LengthAt));
}
