using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;

string world = args.Length > 0 ? args[0] : "samples/TinyFashion"; // holds a CLIP model folder and pictures
string pictures = $"{world}/data/fashioniq/images", reference = $"{pictures}/TFD00000.png";

using var search = OnnxModelFolder.Open($"{world}/models/clip").OpenSearch("gallery", new SkiaImageDecoder());
var update = await search.UpdateAsync(pictures); // all pictures the first time, and later those that changed
Console.WriteLine($"{update.Count} pictures, {update.Added} of them new or changed; {update.Failed.Count} could not be read");

foreach (var hit in await search.SearchAsync("is red and has longer sleeves", reference, k: 5))
{
    Console.WriteLine($"{hit.Rank}. {hit.Id}  {hit.Score:F3}");
}
