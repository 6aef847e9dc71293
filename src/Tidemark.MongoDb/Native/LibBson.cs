using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>The functions of the driver's documents that are used. None of them blocks, takes a lock or calls back.</summary>
internal static unsafe partial class LibBson
{
    private const string Library = MongoLibraries.Bson;

    /// <summary>Makes a document of bytes that stay where they are; false if they are none.</summary>
    [LibraryImport(Library, EntryPoint = "bson_init_static"), SuppressGCTransition]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool InitStatic(void* document, byte* bytes, nuint length);

    [LibraryImport(Library, EntryPoint = "bson_get_data"), SuppressGCTransition]
    public static partial byte* GetData(void* document);

    [LibraryImport(Library, EntryPoint = "bson_destroy")]
    public static partial void Destroy(void* document);
}
