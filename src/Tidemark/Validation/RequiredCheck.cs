namespace Tidemark.Validation;

internal sealed class RequiredCheck : FieldCheck
{
    public override bool Concerns(in FieldValue value) => value.IsNothing;

    public override string Misfit(in FieldValue value, in FieldValue other) => $"found {value.Describe()}, expected a value";
}
