using ZeroShotCir.Embeddings;
using ZeroShotCir.Galleries;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx.Encoders;
using ZeroShotCir.Onnx.Models;
using ZeroShotCir.Retrieval;

OnnxModelFolder model = OnnxModelFolder.Open("samples/TinyFashion/models/clip");
using OnnxImageEncoder imageEncoder = model.CreateImageEncoder(new SkiaImageDecoder());
using OnnxTextEncoder textEncoder = model.CreateTextEncoder();

string[] files = Directory.GetFiles("samples/TinyFashion/data/fashioniq/images", "*.png");
EmbeddingMatrix images = await imageEncoder.EncodeAsync([.. files.Select(file => ImageData.FromFile(file))]);
ComposedImageRetriever retriever = new(Gallery.FromEmbeddings(files, images), imageEncoder, textEncoder);

ComposedQuery query = new() { Image = ImageData.FromFile(files[0]), Text = "is red and has long sleeves" };
foreach (RetrievalResult hit in await retriever.SearchAsync(query, k: 5))
{
    Console.WriteLine($"{hit.Rank}. {hit.Id}  {hit.Score:0.000}");
}
