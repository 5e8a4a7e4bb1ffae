using System.Text;
using Evaluator;
using ZeroShotCir.Evaluation;
using ZeroShotCir.Imaging;
using ZeroShotCir.Imaging.Skia;
using ZeroShotCir.Onnx;
using ZeroShotCir.Onnx.Captioning;

// Arguments: the folder of the world, and the file of the report.
string world = args.Length > 0 ? args[0] : "samples/TinyFashion", page = args.Length > 1 ? args[1] : "report.html";
Console.OutputEncoding = Encoding.UTF8;
if (!Directory.Exists(world))
{
    Console.Error.WriteLine($"There is no folder '{world}'. Run this in the root of the repository, or name the folder of TinyFashion.");
    return 1;
}

// Pictures are taken as they are stored: so the published figures were made.
OnnxModelFolder model = OnnxModelFolder.Open($"{world}/models/clip", new() { DecodeOptions = new() { Orientation = ImageOrientation.Ignore } });
MeasuredSettings fashion = await Benchmark.MeasureAsync(model, "fashioniq", $"{world}/data/fashioniq");
MeasuredSettings cirr = await Benchmark.MeasureAsync(model, "cirr", $"{world}/data/cirr");
Console.WriteLine(fashion.ToText("R@1", "R@5", "R@10", "R@50"));
Console.WriteLine(cirr.ToText("R@1", "R@5", "R@10", "R@50", "Rsub@1"));

using var captioner = OnnxImageCaptioner.Open($"{world}/models/captioner", new SkiaImageDecoder());
foreach (var picture in cirr.Runners[0].Dataset.Gallery.Take(3))
{
    Console.WriteLine($"{picture.Name}: {(await captioner.CaptionAsync(picture.Read()))[0]}");
}

var album = await Album.IndexAsync(world);
Console.WriteLine($"\nThe same garments as a person's picture folder\n{string.Join("\n", album.Select(fact => $"{fact.Key}: {fact.Value}"))}");

EvaluationReport report = new("TinyFashion, end to end") { Summary = "Drawn garments, asked for by a picture and a sentence.", ShownQueries = 72 };
report.Add(fashion);
report.Add(cirr);
report.AddHeatmap("FashionIQ layout, R@10", Benchmark.SweepOf(fashion), "R@10", Benchmark.Fused);
report.AddHeatmap("CIRR layout, R@1", Benchmark.SweepOf(cirr), "R@1", Benchmark.Fused);
report.AddFacts("Model", new Dictionary<string, string> { ["folder"] = model.Path, ["identity"] = model.ModelId });
report.AddFacts("A person's picture folder", album);
report.Write(page, new SkiaImageShrinker(new SkiaImageDecoder(), quality: 80));
Console.WriteLine($"\n{page} has every figure with its interval, and the pictures: open it in a browser.");
return 0;
