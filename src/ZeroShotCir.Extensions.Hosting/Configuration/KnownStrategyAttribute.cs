using System.ComponentModel.DataAnnotations;
using ZeroShotCir.Composition;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Demands a strategy of the table with its parameters, those of <see cref="GalleryOptions.Parameters"/> included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KnownStrategyAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is not string text || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            IDictionary<string, double> parameters = validationContext.ObjectInstance is GalleryOptions options ? options.Parameters : new Dictionary<string, double>();
            _ = ConfiguredStrategy.Create(text, parameters, StrategyArguments.DefaultAlpha);
            return null;
        }
        catch (ArgumentException e)
        {
            return new ValidationResult($"{validationContext.DisplayName}: {e.Message}", validationContext.MemberName is { } name ? [name] : null);
        }
    }
}
