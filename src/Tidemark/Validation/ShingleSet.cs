using System.Text;

namespace Tidemark.Validation;

/// <summary>
/// What two texts are compared by: the set of the word 3-shingles of a text. Their similarity is Jaccard's index |A ∩ B| / |A ∪ B|
/// (P. Jaccard, 1901; for shingles: A. Broder, "On the resemblance and containment of documents", 1997).
/// </summary>
/// <remarks>
/// <para>1. A word is a longest run of Unicode letters and decimal digits, in lower case; all else only stands between words.</para>
/// <para>2. A shingle is three words that follow each other. A text of fewer than three words has its words instead.</para>
/// <para>3. Shingles stand for themselves as hashes of 64 bits, sorted, each once: two sets are compared in one pass, and no text is made.</para>
/// <para>4. A text without a word is similar to nothing.</para>
/// </remarks>
internal sealed class ShingleSet
{
    private const ulong Seed = 0x9E37_79B9_7F4A_7C15;

    private ulong[] _hashes = new ulong[64];
    private int _count;

    /// <summary>Takes the shingles of a text; those of the one before are forgotten.</summary>
    /// <param name="text">UTF-8.</param>
    public void Read(ReadOnlySpan<byte> text)
    {
        _count = 0;
        var (first, second, word) = (0UL, 0UL, Seed);
        var words = 0;
        var inWord = false;
        while (!text.IsEmpty || inWord)
        {
            // Behind the text stands nothing, which ends the last word.
            Rune.DecodeFromUtf8(text, out var rune, out var length);
            text = text[length..];
            if (length > 0 && Rune.IsLetterOrDigit(rune))
            {
                word = Mix(word ^ (uint)Rune.ToLowerInvariant(rune).Value);
                inWord = true;
            }
            else if (inWord)
            {
                if (++words >= 3) Add(Mix(Mix(Mix(first) + second) + word));
                (first, second, word) = (second, word, Seed);
                inWord = false;
            }
        }
        if (words is 1 or 2) Add(second);
        if (words == 2) Add(first);
        KeepDistinct();
    }

    /// <summary>Jaccard's index of two sets, 0 to 1.</summary>
    public double Similarity(ShingleSet other)
    {
        var (i, j, common) = (0, 0, 0);
        while (i < _count && j < other._count)
        {
            var (a, b) = (_hashes[i], other._hashes[j]);
            if (a == b) common++;
            if (a <= b) i++;
            if (b <= a) j++;
        }
        return common == 0 ? 0 : (double)common / (_count + other._count - common);
    }

    private void Add(ulong hash)
    {
        if (_count == _hashes.Length) Array.Resize(ref _hashes, 2 * _count);
        _hashes[_count++] = hash;
    }

    private void KeepDistinct()
    {
        var all = _hashes.AsSpan(0, _count);
        all.Sort();
        _count = 0;
        foreach (var hash in all)
        {
            if (_count == 0 || _hashes[_count - 1] != hash) _hashes[_count++] = hash;
        }
    }

    // The finalizer of MurmurHash3 (A. Appleby): each bit of the input changes about half of the output's.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        value = (value ^ (value >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return value ^ (value >> 33);
    }
}
