namespace Tidemark.Simulators.GraphQl;

internal enum TokenKind
{
    End,
    Punctuator,
    Name,
    Int,
    Float,
    String,
}
