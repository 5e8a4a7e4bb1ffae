using ZeroShotCir.Composition;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Retrieval;

string world = args.Length > 0 ? args[0] : "samples/TinyFashion"; // holds a CLIP model folder and pictures

OnnxModelFolder model = OnnxModelFolder.Open($"{world}/models/clip");
using var imageEncoder = model.CreateImageEncoder(new SkiaImageDecoder());
using var textEncoder = model.CreateTextEncoder();

string[] files = [.. Directory.EnumerateFiles($"{world}/data/fashioniq/images").Order().Take(500)];
ImageData[] pictures = [.. files.Select(file => ImageData.FromFile(file))];
Gallery gallery = Gallery.FromEmbeddings([.. files.Select(file => Path.GetFileName(file))], await imageEncoder.EncodeAsync(pictures));

var retriever = new ComposedImageRetriever(gallery, imageEncoder, textEncoder, new() { Strategy = CompositionStrategy.Weighted.WithAlpha(0.7) });
var query = new ComposedQuery { Image = pictures[0], Text = "is red and has longer sleeves" };
foreach (RetrievalResult hit in await retriever.SearchAsync(query, k: 5))
{
    Console.WriteLine($"{hit.Rank}. {hit.Id}  {hit.Score:F3}");
}
