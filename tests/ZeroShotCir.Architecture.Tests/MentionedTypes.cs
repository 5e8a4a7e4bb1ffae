using System.Reflection;
using System.Reflection.Emit;

namespace ZeroShotCir.Tests;

/// <summary>The types that a compiled type mentions anywhere: in what it derives from, in attributes, signatures, and the bodies of its methods.</summary>
internal static class MentionedTypes
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    public static IReadOnlySet<Type> In(Type type)
    {
        HashSet<Type> mentioned = [];
        Add(mentioned, type.BaseType);
        Add(mentioned, type.GetInterfaces());
        AddAttributes(mentioned, type);
        foreach (Type parameter in type.IsGenericTypeDefinition ? type.GetGenericArguments() : [])
        {
            Add(mentioned, parameter.GetGenericParameterConstraints());
        }

        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            AddAttributes(mentioned, member);
            AddMember(mentioned, member);
        }

        return mentioned;
    }

    private static void AddMember(HashSet<Type> mentioned, MemberInfo member)
    {
        switch (member)
        {
            case FieldInfo field:
                Add(mentioned, field.FieldType);
                break;
            case MethodBase method:
                Add(mentioned, (method as MethodInfo)?.ReturnType);
                Add(mentioned, [.. method.GetParameters().Select(parameter => parameter.ParameterType)]);
                Type[] parameters = method.IsGenericMethodDefinition ? method.GetGenericArguments() : [];
                Add(mentioned, [.. parameters.SelectMany(parameter => parameter.GetGenericParameterConstraints())]);
                if (method.GetMethodBody() is { } body)
                {
                    Add(mentioned, [.. body.LocalVariables.Select(local => local.LocalType)]);
                    Add(mentioned, [.. body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType)]);
                    AddBody(mentioned, method, body.GetILAsByteArray()!, parameters);
                }

                break;
        }
    }

    private static void AddBody(HashSet<Type> mentioned, MethodBase method, byte[] code, Type[] parameters)
    {
        Type[] ofType = method.DeclaringType!.IsGenericTypeDefinition ? method.DeclaringType.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[at++]));
            }

            OperandType operand = OpCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                AddResolved(mentioned, method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, parameters)!);
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static void AddResolved(HashSet<Type> mentioned, MemberInfo member)
    {
        Add(mentioned, member as Type ?? member.DeclaringType);
        if (member is MethodInfo { IsGenericMethod: true } method)
        {
            Add(mentioned, method.GetGenericArguments());
        }
    }

    private static void AddAttributes(HashSet<Type> mentioned, MemberInfo member)
    {
        foreach (CustomAttributeData attribute in member.CustomAttributes)
        {
            Add(mentioned, attribute.AttributeType);
            Add(mentioned, [.. attribute.ConstructorArguments.Select(argument => argument.Value).OfType<Type>()]);
        }
    }

    private static void Add(HashSet<Type> mentioned, params ReadOnlySpan<Type?> types)
    {
        foreach (Type? type in types)
        {
            if (type is null or { IsGenericParameter: true })
            {
                continue;
            }

            if (type.HasElementType)
            {
                Add(mentioned, type.GetElementType());
            }
            else if (type.IsConstructedGenericType)
            {
                mentioned.Add(type.GetGenericTypeDefinition());
                Add(mentioned, type.GetGenericArguments());
            }
            else
            {
                mentioned.Add(type);
            }
        }
    }
}
