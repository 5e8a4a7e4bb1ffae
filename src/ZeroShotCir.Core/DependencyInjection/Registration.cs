using Microsoft.Extensions.DependencyInjection;

namespace ZeroShotCir.DependencyInjection;

/// <summary>Refuses registrations that would silently take each other's place.</summary>
internal static class Registration
{
    /// <exception cref="InvalidOperationException">The service is registered without a name already.</exception>
    public static void ThrowIfTwice<TService>(IServiceCollection services, string call, string remedy)
    {
        if (services.Any(service => service.ServiceType == typeof(TService) && !service.IsKeyedService))
        {
            throw new InvalidOperationException($"{call} was called, but {typeof(TService).Name} is registered already, and only the later one would be used. {remedy}");
        }
    }
}
