using System.Text;
using Tidemark.MongoDb.Bson;

namespace Tidemark.MongoDb.Tests.Bson;

public sealed class Decimal128Tests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "-0")]
    [InlineData("1.10", "1.10")]
    [InlineData("-12345678901234567890.123456789", "-12345678901234567890.123456789")]
    [InlineData("9999999999999999999999999999999999", "9999999999999999999999999999999999")]
    [InlineData("123456789012345678901234567890123400000", "1234567890123456789012345678901234E+5")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1e-100", "1E-100")]
    [InlineData("1e6144", "1000000000000000000000000000000000E+6111")]
    public void Number_keeps_all_its_digits(string text, string shown)
    {
        Decimal128.TryEncode(Encoding.ASCII.GetBytes(text), out var value).ShouldBeTrue();
        Decimal128.Text(value).ShouldBe(shown);
    }

    [Theory]
    [InlineData("12345678901234567890123456789012345")]
    [InlineData("1e6145")]
    [InlineData("1e-6177")]
    [InlineData("x")]
    public void Number_that_does_not_fit_is_none(string text) => Decimal128.TryEncode(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();

    // Of the specification's own examples: bson-corpus, decimal128-1.
    [Theory]
    [InlineData("0.1", 0x303E000000000000UL, 1UL)]
    [InlineData("-1", 0xB040000000000000UL, 1UL)]
    [InlineData("1E+3", 0x3046000000000000UL, 1UL)]
    public void Number_has_the_bits_that_the_specification_says(string text, ulong high, ulong low)
    {
        Decimal128.TryEncode(Encoding.ASCII.GetBytes(text), out var value).ShouldBeTrue();
        value.ShouldBe(new UInt128(high, low));
    }
}
