using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;

namespace ZeroShotCir.Galleries.Storage;

/// <summary>Looks at every row of a segment and names each one that is damaged.</summary>
internal sealed class SegmentCheck(GallerySegment segment, SegmentManifest manifest, double? beta, Dictionary<string, string> ids, List<string> problems)
{
    // Twice what rounding the components to float32 can do to the length of a row of any practical dimension.
    private const double LengthTolerance = 1e-5;

    // A file of noise would otherwise give a sentence for every row.
    private const int MaxProblems = 1000;
    private readonly string _name = manifest.Name;

    public void Run(CancellationToken cancellationToken)
    {
        CheckRows(segment.Images, segment.ImageLengths, $"The image embedding in '{_name}'");
        CheckRows(segment.Captions.Rows, segment.CaptionLengths, $"The caption embedding in '{_name}'");
        MappedItemTable items = (MappedItemTable)segment.Items;
        Check(items.VerifyOrder);
        if (segment.Folded is not null && beta is null)
        {
            Report($"The segment '{_name}' has folded rows, but the manifest does not say for which caption weight.");
        }

        int captions = 0;
        float[] folded = new float[segment.Images.Dimensions];
        for (int row = 0; row < segment.Rows && problems.Count < MaxProblems; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int current = row;
            Check(() => CheckItem(items, current));
            Check(() => CheckCaptions(current, ref captions, folded));
        }

        if (captions != manifest.Captions)
        {
            Report($"The rows of '{_name}' have {captions} captions, the manifest says {manifest.Captions}.");
        }
    }

    private void CheckItem(MappedItemTable items, int row)
    {
        string id = items.Read(row).Id;
        items.VerifyFound(row, id);
        if (!segment.IsRemoved(row) && !ids.TryAdd(id, _name))
        {
            Report($"The id '{id}' is in '{ids[id]}' and again in '{_name}'.");
        }
    }

    private void CheckCaptions(int row, ref int captions, float[] folded)
    {
        (int start, int end) = segment.Captions.Range(row);
        if (start != captions)
        {
            Report($"The captions of row {row} of '{_name}' do not follow those of the row before.");
        }

        captions = end;
        if (segment.Folded is { } stored && beta is { } weight)
        {
            Folding.Fold(segment.Images[row], segment.Captions[row], weight, folded);
            if (!stored[row].SequenceEqual(folded))
            {
                Report($"The folded row {row} of '{_name}' is not that of the caption weight {weight}.");
            }
        }
    }

    private void CheckRows(EmbeddingMatrix rows, ReadOnlyMemory<float> lengths, string what)
    {
        for (int row = 0; row < rows.Rows && problems.Count < MaxProblems; row++)
        {
            double length = UnitVector.Length(rows[row]);
            float former = lengths.Span[row];
            if (!(Math.Abs(length - 1) < LengthTolerance) || !(former > 0) || !float.IsFinite(former))
            {
                Report($"{what}, row {row}, has the length {length} and is said to have had {former}; expected 1 and a positive number.");
            }
        }
    }

    private void Check(Action check)
    {
        try
        {
            check();
        }
        catch (InvalidGalleryException e)
        {
            Report(e.Message);
        }
    }

    private void Report(string problem)
    {
        problems.Add(problem);
        if (problems.Count == MaxProblems)
        {
            problems.Add($"More than {MaxProblems} problems; the rest is not listed.");
        }
    }
}
