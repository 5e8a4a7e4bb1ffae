using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>The graphs of a captioner folder and where their files are.</summary>
/// <param name="Layout">What they are called.</param>
/// <param name="Files">Their files by name.</param>
internal sealed record CaptionerGraphs(CaptionerLayout Layout, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Finds the first layout of a family that is complete.</summary>
    /// <exception cref="InvalidModelException">None is.</exception>
    public static CaptionerGraphs Find(string folder, ModelFamily family, ModelPrecision? precision)
    {
        GraphLocator locator = new(folder, family, precision);
        foreach (CaptionerLayout layout in family.CaptionerLayouts)
        {
            Dictionary<string, string> files = [];
            foreach (string name in layout.Names)
            {
                if (locator.Find(name) is { } file)
                {
                    files[name] = file.Path;
                }
            }

            if (files.Count == layout.Names.Count)
            {
                return new CaptionerGraphs(layout, files);
            }
        }

        string pictures = string.Join(" or ", family.CaptionerLayouts.Select(layout => layout.Image).Distinct().Select(locator.Expected));
        string words = string.Join(
            " or ",
            family.CaptionerLayouts
                .Select(layout => string.Join(" + ", layout.Names.Where(name => name != layout.Image).Select(locator.Expected)))
                .Distinct());
        throw new InvalidModelException(
            $"The captioner folder '{folder}' is not complete: expected {pictures} for pictures and {words} for words. Found: {ModelFiles.List(folder)}.");
    }
}
