using Microsoft.ML.OnnxRuntime;
using ZeroShotCir.Imaging;
using ZeroShotCir.Onnx.Errors;
using ZeroShotCir.Onnx.Execution;
using ZeroShotCir.Onnx.Identity;
using ZeroShotCir.Onnx.Models;

namespace ZeroShotCir.Onnx.Captioning;

/// <summary>A picture in tiles that stand among the words of a prompt, as decoders without an encoder read it.</summary>
internal sealed class PromptedInput(ImageTiling tiling, ChatPrompt prompt) : CaptionInput
{
    public override int[] Start { get; } = prompt.Encode(0, 0);

    public override int Hidden(int[] start) => start.Length;

    public override void AddPixelsTo(IdentityHash hash)
    {
        tiling.AddTo(hash);
        hash.Add("tokens of a tile", (long)prompt.TokensOfTile);
    }

    public override ICaptionReader Load(CaptionerLayout layout, Func<string, OnnxSession> open, TokenEmbedding? embedding)
        => new Reader(tiling, prompt, EncodedInput.Checked(open(layout.Image), session => new TileEncoder(session, tiling.TileEdge)), embedding!);

    private sealed class Reader(ImageTiling tiling, ChatPrompt prompt, TileEncoder encoder, TokenEmbedding embedding) : ICaptionReader
    {
        public CaptionStart Read(RgbImage picture, CaptionMemory memory, CancellationToken cancellationToken)
        {
            ImageTiles tiles = tiling.Cut(picture);
            int[] ids = prompt.Encode(tiles.Rows, tiles.Columns);
            OrtValue words = embedding.Embed(ids, memory, cancellationToken);
            OrtTensorTypeAndShapeInfo info = words.GetTensorTypeAndShape();
            if (info.Shape is not [1, long count, long width] || count != ids.Length || width == 0)
            {
                throw new InvalidModelException($"The graph embed_tokens made [{string.Join(", ", info.Shape)}] of {ids.Length} ids; expected [1, {ids.Length}, width].");
            }

            Span<byte> rows = words.GetTensorMutableRawData();
            int rowBytes = rows.Length / ids.Length;
            int next = 0;
            foreach (float[] tile in tiles.Tiles)
            {
                using CaptionMemory step = new();
                OrtValue features = step.As(encoder.Encode(tile, step, cancellationToken), info.ElementDataType);
                ReadOnlySpan<byte> made = features.GetTensorMutableRawData();
                if (features.GetTensorTypeAndShape().Shape[^1] != width || made.Length != (long)prompt.TokensOfTile * rowBytes)
                {
                    throw new InvalidModelException(
                        $"The vision encoder made [{string.Join(", ", features.GetTensorTypeAndShape().Shape)}] of a tile; "
                        + $"the prompt has {prompt.TokensOfTile} places for it, of {width} numbers each. "
                        + "Take all graphs and the configuration from one export.");
                }

                for (int token = 0; token < prompt.TokensOfTile; token++, next++)
                {
                    next = Array.IndexOf(ids, prompt.ImageId, next);
                    made.Slice(token * rowBytes, rowBytes).CopyTo(rows.Slice(next * rowBytes, rowBytes));
                }
            }

            return new CaptionStart(ids, words);
        }

        public void Dispose() => encoder.Dispose();
    }
}
