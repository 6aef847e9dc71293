using System.Runtime.InteropServices;

namespace Tidemark.MongoDb.Native;

/// <summary>
/// The functions of MongoDB's C driver that are used, 1.23 or later and 2.x: the whole seam to it. Documents are given as pointers to a <see cref="BsonSlot"/>.
/// </summary>
/// <remarks>A client, and what comes from it, belongs to one thread at a time. All of them block: they are called on a <see cref="CallThread"/>, save those that only add to a bulk.</remarks>
internal static unsafe partial class LibMongoc
{
    private const string Library = MongoLibraries.Mongoc;

    [LibraryImport(Library, EntryPoint = "mongoc_init")]
    public static partial void Init();

    [LibraryImport(Library, EntryPoint = "mongoc_get_version")]
    public static partial nint GetVersion();

    [LibraryImport(Library, EntryPoint = "mongoc_log_set_handler")]
    public static partial void SetLogHandler(nint handler, nint data);

    [LibraryImport(Library, EntryPoint = "mongoc_uri_new_with_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial UriHandle NewUri(string uri, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_uri_destroy")]
    public static partial void DestroyUri(nint uri);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_new_with_error")]
    public static partial PoolHandle NewPool(UriHandle uri, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_destroy")]
    public static partial void DestroyPool(nint pool);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_set_error_api")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetErrorApi(PoolHandle pool, int version);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_set_apm_callbacks")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool SetCallbacks(PoolHandle pool, nint callbacks, nint context);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_pop")]
    public static partial nint Pop(PoolHandle pool);

    [LibraryImport(Library, EntryPoint = "mongoc_client_pool_push")]
    public static partial void Push(nint pool, nint client);

    [LibraryImport(Library, EntryPoint = "mongoc_apm_callbacks_new")]
    public static partial nint NewCallbacks();

    [LibraryImport(Library, EntryPoint = "mongoc_apm_callbacks_destroy")]
    public static partial void DestroyCallbacks(nint callbacks);

    [LibraryImport(Library, EntryPoint = "mongoc_apm_set_command_started_cb")]
    public static partial void SetStarted(nint callbacks, delegate* unmanaged[Cdecl]<nint, void> callback);

    [LibraryImport(Library, EntryPoint = "mongoc_apm_command_started_get_command_name")]
    public static partial nint StartedName(nint started);

    [LibraryImport(Library, EntryPoint = "mongoc_apm_command_started_get_context")]
    public static partial nint StartedContext(nint started);

    [LibraryImport(Library, EntryPoint = "mongoc_client_command_simple", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Command(ClientHandle client, string database, void* command, nint readPreferences, void* reply, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_client_write_command_with_opts", StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool WriteCommand(ClientHandle client, string database, void* command, void* options, void* reply, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_client_get_collection", StringMarshalling = StringMarshalling.Utf8)]
    public static partial CollectionHandle GetCollection(ClientHandle client, string database, string collection);

    [LibraryImport(Library, EntryPoint = "mongoc_collection_destroy")]
    public static partial void DestroyCollection(nint collection);

    [LibraryImport(Library, EntryPoint = "mongoc_collection_find_with_opts")]
    public static partial CursorHandle Find(CollectionHandle collection, void* filter, void* options, nint readPreferences);

    [LibraryImport(Library, EntryPoint = "mongoc_collection_aggregate")]
    public static partial CursorHandle Aggregate(CollectionHandle collection, int flags, void* pipeline, void* options, nint readPreferences);

    [LibraryImport(Library, EntryPoint = "mongoc_cursor_next")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Next(CursorHandle cursor, void** document);

    [LibraryImport(Library, EntryPoint = "mongoc_cursor_error_document")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CursorError(CursorHandle cursor, BsonError* error, void** document);

    [LibraryImport(Library, EntryPoint = "mongoc_cursor_destroy")]
    public static partial void DestroyCursor(nint cursor);

    [LibraryImport(Library, EntryPoint = "mongoc_collection_create_bulk_operation_with_opts")]
    public static partial BulkHandle NewBulk(CollectionHandle collection, void* options);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_destroy")]
    public static partial void DestroyBulk(nint bulk);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_insert_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkInsert(nint bulk, void* document, void* options, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_update_one_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkUpdateOne(nint bulk, void* selector, void* document, void* options, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_update_many_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkUpdateMany(nint bulk, void* selector, void* document, void* options, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_remove_many_with_opts")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool BulkRemoveMany(nint bulk, void* selector, void* options, BsonError* error);

    [LibraryImport(Library, EntryPoint = "mongoc_bulk_operation_execute")]
    public static partial uint BulkExecute(BulkHandle bulk, void* reply, BsonError* error);
}
