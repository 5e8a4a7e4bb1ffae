namespace ZeroShotCir.Galleries.Stores;

/// <summary>
/// A store that can hold a second folding of its gallery beside the one that it serves, until the second is whole and takes its place. An
/// <see cref="IGalleryStore"/> that can offers it by <see cref="IGalleryStore.GetService"/>.
/// </summary>
public interface IRefoldableStore
{
    /// <summary>Opens the folding that is being written, or begins it.</summary>
    /// <param name="description">What it is to be. Where the store holds an unfinished folding of the same model, weight and treatment of missing captions, that one goes on;
    /// any other unfinished one is dropped.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The store of that folding; searches of it do not disturb those of the served one.</returns>
    ValueTask<IGalleryStore> StageAsync(StoreDescription description, CancellationToken cancellationToken = default);

    /// <summary>Serves the folding that was written, from one moment to the next, and drops the one that was served.</summary>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidOperationException">No folding is being written, or the one that is does not say that it is whole.</exception>
    ValueTask ServeStagedAsync(CancellationToken cancellationToken = default);
}
