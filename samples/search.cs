#!/usr/bin/env dotnet
#:project ../src/ZeroShotCir/ZeroShotCir.csproj
using ZeroShotCir.Galleries;
using ZeroShotCir.Galleries.Indexing;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Hub;
using ZeroShotCir.Retrieval;

// dotnet run search.cs -- photos "a red dress"
// dotnet run search.cs -- photos "the same in red" dress.jpg
string photos = args[0], text = args[1], gallery = Path.TrimEndingDirectorySeparator(photos) + ".gallery";

// A model folder of yours; without one, 600 MB are downloaded from the hub, once.
string folder = Environment.GetEnvironmentVariable("ZEROSHOTCIR_MODEL") ?? (await new ModelHub().DownloadAsync(new ModelRequest("Xenova/clip-vit-base-patch32"))).Folder;
OnnxModelFolder model = OnnxModelFolder.Open(folder);
using var images = model.CreateImageEncoder(new SkiaImageDecoder());
using var texts = model.CreateTextEncoder();

await new GalleryBuilder(images, texts).BuildAsync(GalleryScan.Read(gallery, [new NamedFolder(photos)])); // only what is new or changed
var retriever = new ComposedImageRetriever(Gallery.Open(gallery), images, texts);
var query = new ComposedQuery { Text = text, Image = args.Length > 2 ? ImageData.FromFile(args[2]) : null };
foreach (RetrievalResult hit in await retriever.SearchAsync(query, k: 5))
{
    Console.WriteLine($"{hit.Rank}. {hit.Id}  {hit.Score:F3}");
}
