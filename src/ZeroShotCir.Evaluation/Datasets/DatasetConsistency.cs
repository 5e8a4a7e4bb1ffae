namespace ZeroShotCir.Evaluation.Datasets;

/// <summary>What holds for every data set whose annotation files belong together.</summary>
internal static class DatasetConsistency
{
    public static void Check(EvaluationDataset dataset, string path)
    {
        if (dataset.Queries.Count == 0)
        {
            throw new InvalidDatasetException($"The annotation file '{path}' holds no query; expected at least one. Download it again.");
        }

        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GalleryImage image in dataset.Images)
        {
            if (!names.Add(image.Name))
            {
                throw new InvalidDatasetException(
                    $"The gallery of {dataset.Label} names '{image.Name}' twice; every name must be unique. Compare its split file with the official release.");
            }
        }

        HashSet<string> ids = new(StringComparer.Ordinal);
        foreach (EvaluationQuery query in dataset.Queries)
        {
            if (!ids.Add(query.Id))
            {
                throw new InvalidDatasetException($"The annotation file '{path}' has two queries of id {query.Id}. Download it again.");
            }

            CheckAnswers(dataset, query, path);
            if (names.Count > 0)
            {
                CheckNames(dataset, query, names, path);
            }
        }
    }

    private static void CheckAnswers(EvaluationDataset dataset, EvaluationQuery query, string path)
    {
        if (dataset.ExcludesReference && query.Target == query.Reference)
        {
            throw new InvalidDatasetException(
                $"The annotation file '{path}', query {query.Id}: the target '{query.Target}' is the reference, which is taken out of the ranking. "
                + "Compare it with the official release.");
        }

        if (query.Target is { } target && query.Subset.Count > 0 && !query.Subset.Contains(target))
        {
            throw new InvalidDatasetException(
                $"The annotation file '{path}', query {query.Id}: the target '{target}' is not in its image set. Compare it with the official release.");
        }

        if (query.GroundTruths.Count > 0
            && (query.GroundTruths.Distinct(StringComparer.Ordinal).Count() != query.GroundTruths.Count || (query.Target is { } first && !query.GroundTruths.Contains(first))))
        {
            throw new InvalidDatasetException(
                $"The annotation file '{path}', query {query.Id}: its ground truths repeat an image or lack the target '{query.Target}'. Compare it with the official release.");
        }
    }

    private static void CheckNames(EvaluationDataset dataset, EvaluationQuery query, HashSet<string> names, string path)
    {
        string? unknown = new[] { query.Reference, query.Target }
            .Concat(query.Subset)
            .Concat(query.GroundTruths)
            .FirstOrDefault(name => name is not null && !names.Contains(name));
        if (unknown is not null)
        {
            throw new InvalidDatasetException(
                $"The annotation file '{path}', query {query.Id}: the image '{unknown}' is not in the gallery of {dataset.Label}. Both files must be of one release.");
        }
    }
}
