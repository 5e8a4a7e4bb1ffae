namespace ZeroShotCir.Imaging.Preprocessing;

/// <summary>Where a center crop begins when an odd number of pixels is left over.</summary>
public enum CropRounding
{
    /// <summary>Half of the rest rounded down, as Hugging Face's image processors do.</summary>
    Floor,

    /// <summary>Half of the rest rounded to the even neighbor, as torchvision and OpenCLIP do.</summary>
    HalfToEven,
}
