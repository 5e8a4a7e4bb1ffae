namespace ZeroShotCir.Tool.Places;

/// <summary>Where the JSON document goes: a file, a device, or standard output.</summary>
/// <param name="path">The path; <c>-</c> for standard output.</param>
internal sealed class JsonDestination(string path)
{
    public bool IsStandardOutput => path == "-";

    /// <summary>Why nothing can be written there, as far as it can be told before the work; <see langword="null"/> where nothing is in the way.</summary>
    public string? Obstacle => path.Length == 0 ? "--json is blank; give a file, or '-' for standard output."
        : !IsStandardOutput && Directory.Exists(path) ? $"--json is the folder '{path}'; give a file in it, or '-' for standard output."
        : null;

    /// <summary>Writes the document.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(byte[] document)
    {
        if (IsStandardOutput)
        {
            Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(document));
            Console.Out.Flush();
        }
        else if (File.Exists(path))
        {
            // Into what is there: its links and permissions stay, and a device or pipe is not replaced by a file.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            if (stream.CanSeek)
            {
                TryTruncate(stream);
            }

            stream.Write(document);
        }
        else
        {
            Create(document);
        }
    }

    public override string ToString() => path;

    // A new file appears whole or not at all.
    private void Create(byte[] document)
    {
        FileInfo file = new(path);
        file.Directory?.Create();
        string partial = $"{file.FullName}.{Environment.ProcessId}.part";
        try
        {
            File.WriteAllBytes(partial, document);
            File.Move(partial, file.FullName, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static void TryTruncate(FileStream stream)
    {
        try
        {
            stream.SetLength(0);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException)
        {
            // A device has no length.
        }
    }
}
