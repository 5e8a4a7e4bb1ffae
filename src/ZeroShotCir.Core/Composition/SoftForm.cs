namespace ZeroShotCir.Composition;

/// <summary>Which constraints a <see cref="SoftConstraint"/> reads.</summary>
internal enum SoftForm
{
    Both,
    Reward,
    Penalty,
}
