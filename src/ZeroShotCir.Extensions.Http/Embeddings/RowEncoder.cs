using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ZeroShotCir.Answers;
using ZeroShotCir.Embeddings;
using ZeroShotCir.Extensions.Http.Services;
using ZeroShotCir.Extensions.Http.Transport;
using ZeroShotCir.Imaging;

namespace ZeroShotCir.Extensions.Http.Embeddings;

/// <summary>Turns inputs into rows of unit length: what a store has is not asked, and what a service refuses is found. Thread-safe.</summary>
internal sealed class RowEncoder(HttpEmbeddingModel model, EmbeddingClient client, UsageMeter meter, HttpEmbeddingOptions options, int? asked)
{
    private volatile bool _hasAnswered;

    /// <summary>Encodes inputs.</summary>
    /// <exception cref="InvalidImageException">An image is not what the service takes; its index is that of the input.</exception>
    /// <exception cref="InvalidComposedInputException">The service refuses an input, whose index is said.</exception>
    /// <exception cref="EmbeddingServiceException">The service does not answer.</exception>
    /// <exception cref="InvalidEmbeddingException">A vector has no direction.</exception>
    public Task EncodeAsync(IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken)
        => EncodeAsync(inputs, role, destination, null, cancellationToken);

    /// <summary>Encodes the images that the service takes, each once, and reports the others, whose rows become zeros.</summary>
    /// <exception cref="EmbeddingServiceException">The service does not answer.</exception>
    /// <exception cref="InvalidEmbeddingException">A vector has no direction.</exception>
    public async Task<IReadOnlyList<InvalidImageException>> EncodeValidAsync(
        IReadOnlyList<ImageData> images, EncodingRole role, Memory<float> destination, CancellationToken cancellationToken)
    {
        ConcurrentBag<InvalidImageException> bad = [];
        await EncodeAsync([.. images.Select(image => new ComposedInput(ComposedPart.FromImage(image)))], role, destination, bad, cancellationToken).ConfigureAwait(false);
        return [.. bad.OrderBy(e => e.Index)];
    }

    // What is bad ends the work, or is gathered.
    private async Task EncodeAsync(
        IReadOnlyList<ComposedInput> inputs, EncodingRole role, Memory<float> destination, ConcurrentBag<InvalidImageException>? bad, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (destination.Length != (long)inputs.Count * model.Dimensions)
        {
            throw new ArgumentException($"{inputs.Count} inputs of {model.Dimensions} dimensions need {(long)inputs.Count * model.Dimensions} numbers; the "
                + $"destination has {destination.Length}.", nameof(destination));
        }

        bool[] isBad = new bool[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            try
            {
                Check(inputs[i], i);
            }
            catch (InvalidImageException e) when (bad is not null || e.Index is null)
            {
                InvalidImageException named = e.Index is null ? new InvalidImageException(e.Message, e) { Index = i } : e;
                if (bad is null)
                {
                    throw named;
                }

                bad.Add(named);
                isBad[i] = true;
            }
        }

        string answerer = model.Service.TellsRoles ? $"{model.ModelId} {role}" : model.ModelId;
        float[] rows = new float[destination.Length];
        string[] contents = [.. inputs.Select((input, i) => isBad[i] ? string.Empty : ContentOf(input))];
        int[] unknown = [.. Enumerable.Range(0, inputs.Count).Where(i => !isBad[i] && !TryReuse(contents[i], answerer, Row(rows, i)))];

        ConcurrentBag<string> refusals = [];

        // Equal inputs are asked about once.
        ILookup<string, int> equal = unknown.ToLookup(i => contents[i]);
        int[] distinct = [.. equal.Select(group => group.First())];
        IEnumerable<int[]> calls = model.Service.Split([.. distinct.Select(i => inputs[i])], options.BatchSize, options.Instruction is not null)
            .Select(call => call.Select(i => distinct[i]).ToArray());
        await Parallel.ForEachAsync(
            calls,
            new ParallelOptions { MaxDegreeOfParallelism = options.MaxConcurrency, CancellationToken = cancellationToken },
            async (call, token) => await AskAsync(inputs, call, role, contents, answerer, rows, Refuse, token).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (int i in unknown)
        {
            Row(rows, equal[contents[i]].First()).CopyTo(Row(rows, i));
        }

        // That nothing pleases the service, for one and the same reason, is not the fault of the images, which would be remembered as unusable.
        if (!_hasAnswered && distinct.Length > 1 && refusals.Count == distinct.Length && refusals.Distinct(StringComparer.Ordinal).Count() == 1)
        {
            throw new EmbeddingServiceException($"{refusals.First()} It refused all {distinct.Length} inputs with these words. Check the key, the model's name and the options.")
            {
                IsFinal = true,
            };
        }

        rows.CopyTo(destination);

        // Of equal images each is bad.
        bool Refuse(Exception e, int input)
        {
            if (bad is null || e is not InvalidImageException)
            {
                return false;
            }

            if (e.InnerException is RefusedInputsException refused)
            {
                refusals.Add(refused.Message);
            }

            foreach (int equalInput in equal[contents[input]])
            {
                bad.Add(new InvalidImageException(e.Message, e) { Index = equalInput });
            }

            return true;
        }
    }

    private static string ContentOf(ComposedInput input)
    {
        StringBuilder spelled = new();
        foreach (ComposedPart part in input.Parts)
        {
            spelled.Append(part.Image is { } image ? $"image {image.ComputeSha256()}\n" : $"text {part.Text!.Length} {part.Text}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spelled.ToString())));
    }

    private Memory<float> Row(float[] rows, int i) => rows.AsMemory(i * model.Dimensions, model.Dimensions);

    private bool TryReuse(string content, string answerer, Memory<float> row)
    {
        if (options.Store is not { } store || !store.TryGet(content, answerer, out IReadOnlyList<string>? texts) || texts is not [var text])
        {
            return false;
        }

        byte[] bytes = new byte[row.Length * sizeof(float)];
        if (!Convert.TryFromBase64String(text, bytes, out int written) || written != bytes.Length)
        {
            return false;
        }

        MemoryMarshal.Cast<byte, float>(bytes).CopyTo(row.Span);
        meter.AddReused(1);
        return true;
    }

    // What a service refuses of several inputs is halved until one is left: it is named, and the others are embedded and kept.
    private async Task AskAsync(
        IReadOnlyList<ComposedInput> inputs,
        int[] call,
        EncodingRole role,
        string[] contents,
        string answerer,
        float[] rows,
        Func<Exception, int, bool> refuse,
        CancellationToken cancellationToken)
    {
        try
        {
            ServiceCall question = new(model.Model, [.. call.Select(i => inputs[i])], role, asked, options.Instruction);
            ServiceReply reply = await client.AskAsync(question, model.Dimensions, cancellationToken).ConfigureAwait(false);
            _hasAnswered = true;
            int[] written = [.. call.Where((input, k) => TryWrite(reply.Rows[k], Row(rows, input).Span))];

            // What is paid for is kept, whatever stands beside it in the reply.
            options.Store?.AddAll([.. written.Select(i => new AnswerRecord(
                contents[i], contents[i], answerer, [Convert.ToBase64String(MemoryMarshal.AsBytes<float>(Row(rows, i).Span))]))]);
            foreach (int input in call.Except(written))
            {
                string message = $"{model.Service} wrote an embedding for input {input} that has no direction: all zeros, or not finite.";
                if (!refuse(new InvalidImageException(message) { Index = input }, input))
                {
                    throw new InvalidEmbeddingException(message);
                }
            }
        }
        catch (RefusedInputsException e) when (call.Length == 1)
        {
            int index = call[0];
            Exception named = inputs[index].Parts is [{ Image: { } image }]
                ? new InvalidImageException($"{image.Source ?? $"Image {index}"}: {e.Message}", e) { Index = index }
                : new InvalidComposedInputException($"Input {index}: {e.Message}", e) { Index = index };
            if (!refuse(named, index))
            {
                throw named;
            }
        }
        catch (RefusedInputsException)
        {
            int half = call.Length / 2;
            Exception? first = null;
            foreach (int[] part in (int[][])[call[..half], call[half..]])
            {
                try
                {
                    await AskAsync(inputs, part, role, contents, answerer, rows, refuse, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is InvalidImageException or InvalidComposedInputException)
                {
                    first ??= e;
                }
            }

            if (first is not null)
            {
                throw first is InvalidImageException image
                    ? new InvalidImageException(image.Message, image) { Index = image.Index }
                    : new InvalidComposedInputException(first.Message, first) { Index = ((InvalidComposedInputException)first).Index };
            }
        }
    }

    private static bool TryWrite(float[] vector, Span<float> row)
    {
        double length = UnitVector.Length(vector);
        if (!(length > 0 && double.IsFinite(length)))
        {
            return false;
        }

        UnitVector.Normalize(vector, row);
        return true;
    }

    private void Check(ComposedInput input, int index)
    {
        EmbeddingService service = model.Service;
        ImageData[] images = [.. input.Parts.Select(part => part.Image).OfType<ImageData>()];
        if (images.Length > service.MaxImages)
        {
            throw new InvalidComposedInputException($"Input {index} has {images.Length} images; {service} takes {service.MaxImages}. Give fewer.") { Index = index };
        }

        foreach (ImageData image in images)
        {
            string named = image.Source ?? $"The image of input {index}";
            if (ImageFormat.Recognize(image.Data.Span) is not { } format || !service.ImageFormats.Contains(format))
            {
                throw new InvalidImageException(
                    $"{named} is {ImageFormat.Recognize(image.Data.Span)?.Name ?? "no image that is known"}; {service} "
                        + $"takes {string.Join(", ", service.ImageFormats.Select(known => known.Name))}. Convert it.")
                { Index = index };
            }

            if (image.Data.Length > service.MaxImageBytes)
            {
                throw new InvalidImageException($"{named} has {image.Data.Length:N0} bytes; {service} takes {service.MaxImageBytes:N0}. Make it smaller.") { Index = index };
            }
        }
    }
}
