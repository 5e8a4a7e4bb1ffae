using System.Reflection;

namespace ZeroShotCir.Tests;

public class PublicContractTests
{
    [Fact]
    public void No_contract_exposes_a_third_party_type()
    {
        List<string> violations = [];
        int members = 0;
        foreach (Package package in Package.All)
        {
            foreach (Type type in package.Assembly.GetExportedTypes())
            {
                foreach ((string member, Type mentioned) in MentionedTypes(type))
                {
                    members++;
                    string assembly = mentioned.Assembly.GetName().Name!;
                    if (!IsOurs(assembly) && !IsPlatform(mentioned) && !package.MayExpose.Contains(assembly))
                    {
                        violations.Add($"{package}: {type.FullName}.{member} exposes {mentioned.FullName} of {assembly}");
                    }
                }
            }
        }

        Assert.True(members > 100, $"Only {members} mentioned types were looked at; the check does not see the public API.");
        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations.Distinct()));
    }

    [Fact]
    public void Contracts_carry_no_IDisposable()
    {
        IEnumerable<string> disposable = Package.All.SelectMany(p => p.Assembly.GetExportedTypes())
            .Where(t => t.IsInterface && (t.IsAssignableTo(typeof(IDisposable)) || t.IsAssignableTo(typeof(IAsyncDisposable))))
            .Select(t => t.FullName!);

        Assert.Empty(disposable);
    }

    [Fact]
    public void Every_public_class_is_sealed_static_or_abstract()
    {
        IEnumerable<string> open = Package.All.SelectMany(p => p.Assembly.GetExportedTypes())
            .Where(t => t.IsClass && !t.IsSealed && !t.IsAbstract)
            .Select(t => t.FullName!);

        Assert.Empty(open);
    }

    private static bool IsOurs(string assembly) => assembly.StartsWith("ZeroShotCir", StringComparison.Ordinal);

    // The shared framework's assemblies lie in one folder; everything else came as a package.
    private static bool IsPlatform(Type type)
        => Path.GetDirectoryName(type.Assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    private static IEnumerable<(string Member, Type Type)> MentionedTypes(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<(string, Type)> direct = type.GetInterfaces().Select(i => ("(interface)", i));
        if (type.BaseType is { } baseType)
        {
            direct = direct.Append(("(base)", baseType));
        }

        direct = direct
            .Concat(type.GetMethods(Declared).Where(m => m.IsPublic || m.IsFamily).SelectMany(m => Signature(m).Append((m.Name, m.ReturnType))))
            .Concat(type.GetConstructors(Declared).Where(c => c.IsPublic || c.IsFamily).SelectMany(Signature))
            .Concat(type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => (f.Name, f.FieldType)));
        return direct.SelectMany(m => Unwrap(m.Item2).Select(t => (m.Item1, t)));
    }

    private static IEnumerable<(string, Type)> Signature(MethodBase method)
        => method.GetParameters().Select(p => (method.Name, p.ParameterType));

    private static IEnumerable<Type> Unwrap(Type type)
    {
        if (type.HasElementType)
        {
            return Unwrap(type.GetElementType()!);
        }

        if (type.IsGenericParameter)
        {
            return [];
        }

        return type.IsConstructedGenericType
            ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition())
            : [type];
    }
}
