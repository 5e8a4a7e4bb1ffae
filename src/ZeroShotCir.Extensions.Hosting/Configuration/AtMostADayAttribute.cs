using System.ComponentModel.DataAnnotations;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Demands a time from zero to a day; the attribute of the framework for ranges of other types than numbers cannot be trimmed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AtMostADayAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is null || (value is TimeSpan time && time >= TimeSpan.Zero && time <= TimeSpan.FromDays(1));

    public override string FormatErrorMessage(string name) => $"{name}: expected a time from 00:00:00, which is never, to 1.00:00:00.";
}
