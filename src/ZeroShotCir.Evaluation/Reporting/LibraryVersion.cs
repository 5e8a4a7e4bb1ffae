using System.Reflection;

namespace ZeroShotCir.Evaluation.Reporting;

/// <summary>The version of the library, as results record it.</summary>
internal static class LibraryVersion
{
    /// <summary>Such as <c>1.0.0+b5b0f9c</c>.</summary>
    public static string Current { get; } = typeof(LibraryVersion).Assembly is var assembly
        && assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { } version ? version.InformationalVersion : assembly.GetName().Version!.ToString();
}
