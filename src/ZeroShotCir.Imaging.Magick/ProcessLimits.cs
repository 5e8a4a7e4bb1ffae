using System.Runtime.CompilerServices;
using ImageMagick;

namespace ZeroShotCir.Imaging.Magick;

/// <summary>ImageMagick's limits, which are those of the whole process.</summary>
internal static class ProcessLimits
{
    /// <summary>Pixels never go to the disk, unless the application has set a limit of its own before.</summary>
    /// <remarks>Where the memory does not suffice ImageMagick would go on with a file as large as the pixels.</remarks>
    public static void Narrow() => RuntimeHelpers.RunClassConstructor(typeof(Once).TypeHandle);

    private static class Once
    {
        static Once()
        {
            if (ResourceLimits.Disk >= long.MaxValue)
            {
                ResourceLimits.Disk = 0;
            }
        }
    }
}
