using System.ComponentModel.DataAnnotations;

namespace ZeroShotCir.Extensions.Hosting.Configuration;

/// <summary>Demands that a folder exists, and perhaps a file in it; nothing is demanded of an empty value.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ExistingFolderAttribute(string remedy) : ValidationAttribute
{
    /// <summary>What to do where it does not.</summary>
    public string Remedy => remedy;

    /// <summary>The file that it must hold.</summary>
    public string? Holding { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        not string => null,
        string folder when !Directory.Exists(folder) => Fail($"The folder '{folder}' does not exist.", validationContext),
        string folder when Holding is not null && !File.Exists(Path.Combine(folder, Holding)) => Fail($"The folder '{folder}' has no '{Holding}'.", validationContext),
        _ => null,
    };

    private ValidationResult Fail(string what, ValidationContext context) => new($"{context.DisplayName}: {what} {remedy}", context.MemberName is { } name ? [name] : null);
}
