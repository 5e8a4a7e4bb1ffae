namespace ZeroShotCir.Galleries;

/// <summary>Which formula scores a gallery item against a composed query.</summary>
public enum Scoring
{
    /// <summary>
    /// The formula of the paper (WeiMoCIR, section 3): one query for both paths,
    /// <c>s_n = (1-β)·q·v̂_n + β·mean_j q·ĉ_nj</c>.
    /// </summary>
    Paper,

    /// <summary>
    /// What the published code computes: the caption path's query is fused from the reference image's own j-th caption,
    /// <c>s_n = (1-β)·q·v̂_n + β·mean_j q_j·ĉ_nj</c> with <c>q_j = fuse(c_ref,j, t)</c>.
    /// </summary>
    /// <remarks>
    /// An item without captions, and a reference without, are treated as <see cref="MissingCaptions"/> says. Where an item or the reference
    /// has fewer captions than are asked for, the mean is taken over those that both have.
    /// </remarks>
    PublishedCode,
}
