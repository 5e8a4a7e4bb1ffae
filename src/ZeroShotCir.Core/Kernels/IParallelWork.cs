namespace ZeroShotCir.Kernels;

/// <summary>Work in pieces that may run at the same time.</summary>
internal interface IParallelWork
{
    /// <summary>Does a piece.</summary>
    /// <param name="piece">Which piece.</param>
    /// <param name="worker">The place of the running thread among those at work; no two run with the same at a time.</param>
    void Run(int piece, int worker);
}
