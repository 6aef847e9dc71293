using Tidemark.Simulators.GraphQl;

namespace Tidemark.Simulators.Crm;

/// <summary>The types inside records.</summary>
internal static class CrmTypes
{
    public static readonly ObjectType Address = new("Address", "street", "postalCode", "city", "country");

    public static readonly ObjectType PianoLocation = new("PianoLocation", "room", "floor");

    public static readonly ObjectType Conditions = new("Conditions", "temperatureCelsius", "humidityPercent");
}
