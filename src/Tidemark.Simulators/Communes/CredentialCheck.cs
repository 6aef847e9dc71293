using Tidemark.Simulators.Hosting;

namespace Tidemark.Simulators.Communes;

/// <summary>Turns a parameter that cannot be read into status 400.</summary>
internal static class CredentialCheck
{
    public static RequestDelegate Queries(RequestDelegate answer) => async context =>
    {
        try
        {
            await answer(context);
        }
        catch (BadQueryException exception)
        {
            await Answers.ErrorAsync(context, StatusCodes.Status400BadRequest, exception.Message);
        }
    };
}
