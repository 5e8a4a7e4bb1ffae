namespace ZeroShotCir.Composition;

/// <summary>The lengths of a query's terms and the angles between them, one vector for each role.</summary>
/// <remarks>Immutable; serves concurrent callers.</remarks>
public sealed class TermGeometry
{
    private static readonly int Roles = TermSet.RoleCount;
    private readonly bool[] _present = new bool[Roles];
    private readonly double[] _lengths = new double[Roles];
    private readonly double[] _magnitudes = new double[Roles];
    private readonly double[] _totals = new double[Roles];
    private readonly double[] _cosines = new double[Roles * Roles];
    private readonly IReadOnlyList<double>[] _weights = new IReadOnlyList<double>[Roles];

    internal TermGeometry(TermSet terms)
    {
        RoleVector?[] vectors = new RoleVector?[Roles];
        for (int role = 0; role < Roles; role++)
        {
            _weights[role] = [];
            if (terms.Has((TermRole)role))
            {
                _weights[role] = terms.WeightsOf((TermRole)role);
                RoleVector vector = terms.Vector((TermRole)role);
                vectors[role] = vector;
                _present[role] = true;
                _lengths[role] = vector.InputLength;
                _magnitudes[role] = vector.Magnitude;
                _totals[role] = vector.TotalWeight;
            }
        }

        for (int first = 0; first < Roles; first++)
        {
            for (int second = first; second < Roles; second++)
            {
                if (vectors[first] is { Length: > 0 } x && vectors[second] is { Length: > 0 } y)
                {
                    double cosine = first == second ? 1 : Math.Clamp(RoleVector.Dot(x, y) / (x.Length * y.Length), -1, 1);
                    _cosines[(first * Roles) + second] = cosine;
                    _cosines[(second * Roles) + first] = cosine;
                }
            }
        }
    }

    /// <summary>Whether the query has a term of a role.</summary>
    /// <param name="role">The role.</param>
    public bool Has(TermRole role) => _present[(int)role];

    /// <summary>The length of the role's embedding as its encoder gave it; 1 where several terms make one vector, 0 where there is none.</summary>
    /// <param name="role">The role.</param>
    public double InputLength(TermRole role) => _lengths[(int)role];

    /// <summary>The length of the weighted sum of the directions of the role's terms: 1 for one term of weight 1, 0 where there is none.</summary>
    /// <param name="role">The role.</param>
    public double Magnitude(TermRole role) => _magnitudes[(int)role];

    /// <summary>The sum of the absolute weights of the role's terms.</summary>
    /// <param name="role">The role.</param>
    public double TotalWeight(TermRole role) => _totals[(int)role];

    /// <summary>The weights of the role's terms one by one, in the order they were added.</summary>
    /// <param name="role">The role.</param>
    public IReadOnlyList<double> WeightsOf(TermRole role) => _weights[(int)role];

    /// <summary>The cosine of the vectors of two roles; 0 where one of them is absent or zero, 1 of a role with itself.</summary>
    /// <param name="first">A role.</param>
    /// <param name="second">A role.</param>
    public double Cosine(TermRole first, TermRole second) => _cosines[((int)first * Roles) + (int)second];

    /// <summary>The length of <c>Σ w_i·û_i</c> over roles.</summary>
    internal double LengthOfSum(IReadOnlyList<TermRole> roles, ReadOnlySpan<double> weights)
    {
        double square = 0;
        for (int i = 0; i < roles.Count; i++)
        {
            for (int j = 0; j < roles.Count; j++)
            {
                square += weights[i] * weights[j] * Cosine(roles[i], roles[j]);
            }
        }

        return Math.Sqrt(Math.Max(0, square));
    }
}
