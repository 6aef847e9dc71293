using System.Runtime.InteropServices;
using System.Text;

namespace Tidemark.MongoDb.Native;

/// <summary>Room for an error, which the driver fills: 512 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BsonError
{
    private const int Room = 504;

    private uint _domain;
    private uint _code;
    private fixed byte _message[Room];

    /// <summary>What the driver has filled in.</summary>
    public readonly DriverError Error
    {
        get
        {
            fixed (byte* message = _message)
            {
                var text = new ReadOnlySpan<byte>(message, Room);
                var end = text.IndexOf((byte)0);
                return new DriverError(_domain, _code, Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
            }
        }
    }
}
