using ZeroShotCir.Onnx.Errors;

namespace ZeroShotCir.Onnx.Models;

/// <summary>Finds the file of a graph in the precision that is asked for, or else the most faithful one.</summary>
internal sealed class GraphLocator(string folder, ModelFamily family, ModelPrecision? precision)
{
    /// <summary>The file of a graph, or <see langword="null"/> where no variant of it is there.</summary>
    /// <exception cref="InvalidModelException">Variants are there, but not the one that is asked for.</exception>
    public (string Path, ModelPrecision Precision)? Find(string graph)
    {
        List<(string Path, ModelPrecision Precision)> found = [];
        foreach (ModelPrecision variant in ModelPrecision.All)
        {
            foreach (string subfolder in family.Folders)
            {
                string path = Path.Combine(folder, $"{subfolder}{graph}{variant.Suffix}.onnx");
                if (File.Exists(path))
                {
                    found.Add((path, variant));
                }
            }
        }

        if (found.Count == 0)
        {
            return null;
        }

        if (precision is null)
        {
            return found[0];
        }

        int index = found.FindIndex(file => file.Precision == precision);
        return index >= 0
            ? found[index]
            : throw new InvalidModelException(
                $"The model folder '{folder}' has no '{family.Folders[0]}{graph}{precision.Suffix}.onnx' ({precision}). "
                + $"Found: {string.Join(", ", found.Select(file => $"{Path.GetFileName(file.Path)} ({file.Precision})"))}.");
    }

    /// <summary>What a graph's file would be called, for messages.</summary>
    public string Expected(string graph) => $"{family.Folders[0]}{graph}{precision?.Suffix}.onnx";
}
