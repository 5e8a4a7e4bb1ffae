using System.CommandLine;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir dataset</c>: what concerns data sets themselves.</summary>
internal sealed class DatasetCommand : Command
{
    public DatasetCommand()
        : base("dataset", "Look into a data set before evaluating on it.")
    {
        Add(new DatasetCheckCommand());
    }
}
