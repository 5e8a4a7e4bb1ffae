using ZeroShotCir.Answers;

namespace ZeroShotCir.Captions;

/// <summary>Brings captions from the published files into a store, and out of it.</summary>
public static class CaptionAnswers
{
    /// <summary>Takes over captions that were written elsewhere, so that nobody pays for them again.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">A file that <see cref="CaptionFile"/> reads.</param>
    /// <param name="captioner">Who is to be said to have been asked.</param>
    /// <param name="imageSha256">Gives the hash of an id's image, or <see langword="null"/> where there is no such image.</param>
    /// <returns>How many ids had captions and an image.</returns>
    /// <exception cref="InvalidCaptionFileException">The file cannot be used.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public static int ImportCaptions(this AnswerStore store, string path, string captioner, Func<string, string?> imageSha256)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(captioner);
        ArgumentNullException.ThrowIfNull(imageSha256);
        List<AnswerRecord> records = [];
        foreach ((string id, IReadOnlyList<string> captions) in CaptionFile.Read(path))
        {
            if (captions.Count > 0 && imageSha256(id) is { } hash)
            {
                records.Add(new AnswerRecord(id, hash, captioner, captions));
            }
        }

        store.AddAll(records);
        return records.Count;
    }

    /// <summary>Writes the captions of one captioner in the format of the published files, in the order the images came.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The path; an existing file is replaced.</param>
    /// <param name="captioner">Whose captions; <see langword="null"/> for everybody's, the later ones of an id counting.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportCaptions(this AnswerStore store, string path, string? captioner = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        CaptionFile.WriteWeiMoCir(path, store.TextsOf(captioner));
    }
}
