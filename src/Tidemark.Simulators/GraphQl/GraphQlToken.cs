namespace Tidemark.Simulators.GraphQl;

internal readonly record struct GraphQlToken(TokenKind Kind, string Text, int Line, int Column)
{
    public bool Is(string punctuator) =>
        Kind == TokenKind.Punctuator && string.Equals(Text, punctuator, StringComparison.Ordinal);
}
