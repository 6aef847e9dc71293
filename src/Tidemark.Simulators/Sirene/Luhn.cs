namespace Tidemark.Simulators.Sirene;

/// <summary>The check digit that ends each SIREN and each SIRET.</summary>
internal static class Luhn
{
    /// <summary>The digit that makes the digits before it valid.</summary>
    public static char CheckDigit(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 > 0 ? digit : digit < 5 ? 2 * digit : (2 * digit) - 9;
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
