using System.CommandLine;
using System.IO.Compression;
using ZeroShotCir.Galleries;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Options;
using ZeroShotCir.Tool.Places;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir gallery export</c>: a gallery as one file, to be moved or kept.</summary>
internal sealed class GalleryExportCommand : ToolCommand
{
    private readonly Argument<string> _folder = new("GALLERY") { Description = "The gallery, or its folder of pictures." };
    private readonly Option<FileInfo> _out = ToolOptions.OutFile("The zip file to write. It holds embeddings, captions and names, and no pictures.");

    public GalleryExportCommand()
        : base("export", "Write a gallery into one zip file.", "cir gallery export photos --out photos.zip")
    {
        Add(_folder);
        Add(_out);
    }

    public override async Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = GalleryPlace.Find(arguments.GetRequiredValue(_folder));
        FileInfo file = arguments.GetRequiredValue(_out);
        int count = Gallery.Open(folder.FullName).Count;
        FileInfo[] files = [.. folder.GetFiles().Where(part => GalleryArchive.Holds(part.Name)).OrderBy(part => part.Name, StringComparer.Ordinal)];
        string temporary = $"{file.FullName}.{Guid.NewGuid():N}";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                await using ZipArchive archive = new(stream, ZipArchiveMode.Create);
                foreach (FileInfo part in files)
                {
                    await archive.CreateEntryFromFileAsync(part.FullName, part.Name, CompressionLevel.Fastest, cancellationToken);
                }
            }

            File.Move(temporary, file.FullName, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        file.Refresh();
        terminal.Out.MarkupLineInterpolated($"{count:N0} images, {files.Length} files, {file.Length:N0} bytes in '{file.FullName}'");
        return ToolResult.From(new ArchiveDocument(folder.FullName, file.FullName, files.Length, file.Length, count), json => json.ArchiveDocument);
    }
}
