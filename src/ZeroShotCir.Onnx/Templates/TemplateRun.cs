using System.Text;

namespace ZeroShotCir.Onnx.Templates;

/// <summary>What a template has written so far, and the names that it knows.</summary>
internal sealed class TemplateRun(IReadOnlyDictionary<string, object?> names)
{
    private const int MostSteps = 100_000;
    private Dictionary<string, object?> _names = new(names);
    private int _steps;

    public StringBuilder Output { get; } = new();

    /// <summary>The value of a name; <see langword="null"/> where nobody gave it one.</summary>
    public object? this[string name]
    {
        get => _names.GetValueOrDefault(name);
        set => _names[name] = value;
    }

    public bool Knows(string name) => _names.ContainsKey(name);

    /// <summary>Lets names that are given from now on be forgotten with the scope, as those of a loop are.</summary>
    public IDisposable BeginScope()
    {
        Dictionary<string, object?> outer = _names;
        _names = new(outer);
        return new Scope(() => _names = outer);
    }

    /// <summary>Counts a step: a template of a few lines can loop for years.</summary>
    public void Step()
    {
        if (++_steps > MostSteps || Output.Length > MostSteps)
        {
            throw new TemplateFault($"loops that take more than {MostSteps} steps");
        }
    }

    private sealed class Scope(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
