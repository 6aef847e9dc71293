using Tidemark.Records;

namespace Tidemark.Tests.Records;

public class PooledBufferTests
{
    [Fact]
    public void Bytes_stay_the_same_while_the_buffer_grows()
    {
        using var buffer = new PooledBuffer(1);
        var expected = new List<byte>();
        for (var i = 0; i < 2000; i++)
        {
            byte[] some = [.. Enumerable.Repeat((byte)i, i % 97)];
            expected.AddRange(some);
            if (i % 2 == 0)
            {
                buffer.Write(some);
            }
            else
            {
                some.CopyTo(buffer.GetSpan(some.Length));
                buffer.Advance(some.Length);
            }
        }
        buffer.Length.ShouldBe(expected.Count);
        buffer.Written.ToArray().ShouldBe(expected);
        buffer.WrittenMemory.ToArray().ShouldBe(expected);
    }

    [Fact]
    public void Room_that_was_made_is_used_without_moving_what_is_there()
    {
        using var buffer = new PooledBuffer(16);
        buffer.Write("abc"u8);
        buffer.EnsureFree(100_000);
        ref readonly var first = ref buffer.Written[0];
        buffer.Write(new byte[100_000]);
        System.Runtime.CompilerServices.Unsafe.AreSame(in first, in buffer.Written[0]).ShouldBeTrue();
    }

    [Fact]
    public void GetMemory_gives_at_least_what_is_asked_for()
    {
        using var buffer = new PooledBuffer(1);
        buffer.GetMemory().Length.ShouldBeGreaterThan(0);
        buffer.GetMemory(70_000).Length.ShouldBeGreaterThanOrEqualTo(70_000);
    }

    [Fact]
    public void Truncate_forgets_the_end()
    {
        using var buffer = new PooledBuffer();
        buffer.Write("abcdef"u8);
        buffer.Truncate(2);
        buffer.Write("x"u8);
        buffer.Written.ToArray().ShouldBe("abx"u8.ToArray());
        Should.Throw<ArgumentOutOfRangeException>(() => buffer.Truncate(4));
    }

    [Fact]
    public void Advance_beyond_the_room_throws()
    {
        using var buffer = new PooledBuffer(16);
        var free = buffer.GetMemory().Length;
        Should.Throw<ArgumentOutOfRangeException>(() => buffer.Advance(free + 1));
        buffer.Length.ShouldBe(0);
    }

    [Fact]
    public void Dispose_twice_gives_back_once()
    {
        var buffer = new PooledBuffer();
        buffer.Write("abc"u8);
        buffer.Dispose();
        buffer.Dispose();
        buffer.Length.ShouldBe(0);
    }
}
