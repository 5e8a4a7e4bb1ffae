using System.CommandLine;
using System.IO.Compression;
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Storage;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery import</c>: makes a gallery folder of an exported file.</summary>
internal sealed class GalleryImportCommand : ToolCommand
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "The zip file, as 'cir gallery export' writes it." };
    private readonly Option<DirectoryInfo> _out = new("--out") { Description = "The gallery folder to make; it must not be one yet.", HelpName = "GALLERY", Required = true };

    public GalleryImportCommand()
        : base("import", "Make a gallery folder of an exported file.", "cir gallery import photos.zip --out gallery")
    {
        Add(_file);
        Add(_out);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        FileInfo file = arguments.GetRequiredValue(_file);
        DirectoryInfo folder = arguments.GetRequiredValue(_out);
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
        {
            throw new IOException($"The folder '{folder}' is not empty. Name a new one.");
        }

        // What is not whole never has the gallery's name.
        string temporary = $"{Path.TrimEndingDirectorySeparator(folder.FullName)}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(temporary);
            int files = await ExtractAsync(file, temporary, cancellationToken);
            int count = Gallery.Open(temporary).Count;
            folder.Refresh();
            if (folder.Exists)
            {
                folder.Delete();
            }

            Directory.Move(temporary, folder.FullName);
            terminal.Out.MarkupLineInterpolated($"{count:N0} images in '{folder}'");
            return ToolResult.From(new ArchiveDocument(folder.FullName, file.FullName, files, file.Length, count), json => json.ArchiveDocument);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static async Task<int> ExtractAsync(FileInfo file, string folder, CancellationToken cancellationToken)
    {
        try
        {
            using FileStream stream = file.OpenRead();
            await using ZipArchive archive = new(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (!GalleryArchive.Holds(entry.FullName))
                {
                    throw new InvalidGalleryException($"'{file}' holds '{entry.FullName}', which is no part of a gallery. Import what 'cir gallery export' wrote.");
                }

                await entry.ExtractToFileAsync(Path.Combine(folder, entry.FullName), overwrite: false, cancellationToken);
            }

            return archive.Entries.Count;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidGalleryException($"'{file}' is no zip file, or is damaged: {e.Message}", e);
        }
    }
}
