using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir model</c>: what concerns model folders themselves.</summary>
internal sealed class ModelCommand : Command
{
    public ModelCommand()
        : base("model", "Look into a model folder, or download one.")
    {
        Add(new ModelInspectCommand());
        Add(new ModelPullCommand());
    }
}
