using System.CommandLine;
using ZeroShotCir.Tool.Documents;
using ZeroShotCir.Tool.Screens;

namespace ZeroShotCir.Tool.Commands;

/// <summary><c>cir completion</c>: what a shell needs to complete command lines; the suggestions come from the tool itself.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private const string Bash = """
        _cir() {
            local IFS=$'\n'
            local current="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(compgen -W "$(cir "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$current"))
        }
        complete -o default -F _cir cir
        """;

    private const string Zsh = """
        _cir() {
            local -a suggestions
            suggestions=("${(@f)$(cir "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a suggestions
            _files
        }
        compdef _cir cir
        """;

    private const string Fish = """
        complete -c cir -a '(cir "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName cir -ScriptBlock {
            param($word, $line, $position)
            cir "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = PowerShell };
    private readonly Argument<string> _shell = new("SHELL") { Description = $"The shell: {string.Join(", ", Scripts.Keys)}." };

    public CompletionCommand()
        : base("completion", "Print what makes a shell complete command lines of cir.", "cir completion bash")
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Add(_shell);
    }

    public override Task<ToolResult> ExecuteAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        string shell = arguments.GetRequiredValue(_shell);
        terminal.Out.Profile.Out.Writer.WriteLine(Scripts[shell].ReplaceLineEndings("\n"));
        return Task.FromResult(ToolResult.From(new CompletionDocument(shell, Scripts[shell]), json => json.CompletionDocument));
    }
}
