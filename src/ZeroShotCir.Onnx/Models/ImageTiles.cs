namespace ZeroShotCir.Onnx.Models;

/// <summary>An image as a model of tiles takes it.</summary>
/// <param name="Rows">The rows of tiles; 0 where the image is one tile and was not cut.</param>
/// <param name="Columns">The tiles of a row; 0 where the image was not cut.</param>
/// <param name="Tiles">Their pixels, red, green and blue plane of each: row by row, then the whole image as one tile.</param>
internal sealed record ImageTiles(int Rows, int Columns, IReadOnlyList<float[]> Tiles);
