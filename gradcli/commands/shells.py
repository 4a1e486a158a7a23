"""The completion scripts of the four shells."""

from __future__ import annotations

from gradcli.commands.declarations import COMMANDS
from gradcli.commands.declared import HELP_FLAGS, PATH, TEXTS, VERSION, Command, Option
from gradcli.views.manual import pages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD = "for gradcli; made by `gradcli completions {}`, do not edit"


def _flags(command: Command) -> list[str]:
    return [*command.flags, *HELP_FLAGS]


def _words(command: Command, functions: list[str]) -> list[str]:
    """What may stand for the command's argument."""
    kinds = {"function": functions, "topic": list(dict.fromkeys([*COMMANDS, *pages()]))}
    return kinds.get(command.argument.completes) or list(command.argument.choices)


def _valued(files: bool) -> list[str]:
    """The flags whose value is a file, or is none."""
    options = [o for command in COMMANDS.values() for o in command.options]
    found = [f for o in options if o.takes_value and (o.kind == PATH) == files for f in (o.flag, o.short) if f]
    return list(dict.fromkeys(found))


def _chosen() -> dict[tuple[str, ...], list[str]]:
    """The words of an option's value to the places where it stands, each a command and a flag."""
    found: dict[tuple[str, ...], list[str]] = {}
    for command in COMMANDS.values():
        for option in command.options:
            if option.choices:
                found.setdefault(option.choices, []).append(f"{command.name} {option.flag}")
    return found


BASH = """\
# bash completion {head}
_gradcli() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} flags name words= files=
    COMPREPLY=()
    # bash takes --points=data apart at the sign
    if [[ $current == "=" ]]; then
        current=""
    elif [[ $previous == "=" ]]; then
        previous=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    case "${{COMP_WORDS[1]}} $previous" in
{chosen}
    esac
    if [[ $words ]]; then
        while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -W "$words" -- "$current")
        return
    fi
    case $previous in
        {files})
            compopt -o filenames 2>/dev/null
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
            return ;;
        {free})
            return ;;
    esac
    if ((COMP_CWORD == 1)); then
        words="{commands}"
        flags="{global_flags}"
    else
        case ${{COMP_WORDS[1]}} in
{cases}
        esac
    fi
    if [[ $current == -* ]]; then
        words=$flags
    elif [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$current")
    fi
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -W "$words" -- "$current")
}}
complete -F _gradcli gradcli
"""


def bash(functions: list[str]) -> str:
    """The script for bash."""
    cases = []
    for command in COMMANDS.values():
        own = " ".join(_words(command, functions))
        cases.append(f'            {command.name})\n                flags="{" ".join(_flags(command))}"')
        cases.append(f'                words="{own}"{" files=yes" if command.further else ""} ;;')
    chosen = []
    for words, places in _chosen().items():
        pattern = "|".join([f'"{place}"' for place in places])
        chosen.append(f'        {pattern})\n            words="{" ".join(words)}" ;;')
    return BASH.format(
        head=HEAD.format("bash"),
        chosen="\n".join(chosen),
        files="|".join(_valued(files=True)),
        free="|".join(_valued(files=False)),
        commands=" ".join(COMMANDS),
        global_flags=" ".join([*HELP_FLAGS, VERSION.short, VERSION.flag]),
        cases="\n".join(cases),
    )


ZSH = """\
#compdef gradcli
# zsh completion {head}
_gradcli() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '(- *)'{{-h,--help}}'[Show the help.]' '(- *)'{version}'[{version_help}]' '1: :->command' '*:: :->rest'
  case $state in
    command)
      local -a commands=(
{commands}
      )
      _describe -t commands command commands ;;
    rest)
      case $words[1] in
{cases}
      esac ;;
  esac
}}
if [ "$funcstack[1]" = "_gradcli" ]; then
  _gradcli "$@"
else
  compdef _gradcli gradcli
fi
"""


def zsh(functions: list[str]) -> str:
    """The script for zsh."""
    commands = [f"        '{command.name}:{_zsh(command.summary)}'" for command in COMMANDS.values()]
    cases = []
    for command in COMMANDS.values():
        words = " ".join(_words(command, functions))
        action = f"({words})" if words else ""
        specs = [spec for option in command.options for spec in _zsh_option(option)]
        specs += ["'(- *)'{-h,--help}'[Show the help.]'", f"'1:{command.argument.name}:{action}'"]
        specs += [f"'*:{command.further.name}:_files'"] if command.further else []
        joined = " \\\n            ".join(specs)
        cases.append(f"        {command.name})\n          _arguments \\\n            {joined} ;;")
    return ZSH.format(
        head=HEAD.format("zsh"),
        version=f"{{{VERSION.short},{VERSION.flag}}}",
        version_help=_zsh(VERSION.help),
        commands="\n".join(commands),
        cases="\n".join(cases),
    )


def _zsh_option(option: Option) -> list[str]:
    repeat = "*" if option.kind == TEXTS else ""
    text = _zsh(option.help)
    if option.takes_value:
        action = "_files" if option.kind == PATH else f"({' '.join(option.choices)})" if option.choices else " "
        rest = f"[{text}]:{_zsh(option.metavar)}:{action}"
        both = f"({option.flag} {option.short})" if option.short else repeat
        return [
            f"'{both}{option.flag}={rest}'",
            *([f"'{both}{option.short}+{rest}'"] if option.short else []),
        ]
    if option.negative:
        both = f"({option.flag} {option.negative})"
        return [f"'{both}{option.flag}[{text}]'", f"'{both}{option.negative}[The other way.]'"]
    return [f"'{option.flag}[{text}]'"]


def _zsh(text: str) -> str:
    """Text for a specification in single quotes."""
    for sign in "\\:[]":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("'", "'\\''")


def fish(functions: list[str]) -> str:
    """The script for fish."""
    lines = [f"# fish completion {HEAD.format('fish')}", "complete -c gradcli -f"]
    first = "-n __fish_use_subcommand"
    lines.append(f"complete -c gradcli {first} -s {VERSION.short[1:]} -l version -d {_fish(VERSION.help)}")
    lines.append("complete -c gradcli -s h -l help -d 'Show the help.'")
    for command in COMMANDS.values():
        lines.append(f"complete -c gradcli {first} -a {command.name} -d {_fish(command.summary)}")
    for command in COMMANDS.values():
        after = f"complete -c gradcli -n '__fish_seen_subcommand_from {command.name}'"
        for option in command.options:
            value = " -r -F" if option.kind == PATH else " -x" if option.takes_value else ""
            value += f" -a {_fish(' '.join(option.choices))}" if option.choices else ""
            short = f" -s {option.short[1:]}" if option.short else ""
            lines.append(f"{after}{short} -l {option.flag[2:]}{value} -d {_fish(option.help)}")
            if option.negative:
                lines.append(f"{after} -l {option.negative[2:]} -d 'The other way.'")
        words = _words(command, functions)
        if words:
            lines.append(f"{after} -a {_fish(' '.join(words))}")
        if command.further:
            lines.append(f"{after} -F")
    return "\n".join(lines) + "\n"


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


POWERSHELL = """\
# PowerShell completion {head}
Register-ArgumentCompleter -Native -CommandName gradcli -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $flags = @{{
{flags}
    }}
    $words = @{{
{words}
    }}
    $values = @{{
{values}
    }}
    $before = @($commandAst.CommandElements | Where-Object {{ $_.Extent.EndOffset -lt $cursorPosition }} |
        ForEach-Object {{ $_.ToString() }})
    $previous = if ($before.Count) {{ $before[-1] }} else {{ '' }}
    if ({files} -contains $previous) {{
        return [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }}
    $chosen = if ($before.Count -gt 1) {{ $values["$($before[1]) $previous"] }}
    if (-not $chosen -and {free} -contains $previous) {{ return }}
    if ($chosen) {{
        $offered = $chosen
    }} elseif ($before.Count -le 1) {{
        $offered = @({commands})
        $dashed = @({global_flags})
    }} else {{
        $offered = $words[$before[1]]
        $dashed = $flags[$before[1]]
    }}
    if ($wordToComplete -like '-*') {{ $offered = $dashed }}
    $offered | Where-Object {{ $_ -like "$wordToComplete*" }} | ForEach-Object {{
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }}
}}
"""


def powershell(functions: list[str]) -> str:
    """The script for PowerShell."""

    def table(rows: Iterable[tuple[str, list[str]]]) -> str:
        return "\n".join(f"        '{name}' = @({_powershell(words)})" for name, words in rows)

    return POWERSHELL.format(
        head=HEAD.format("powershell"),
        flags=table((command.name, _flags(command)) for command in COMMANDS.values()),
        words=table((command.name, _words(command, functions)) for command in COMMANDS.values()),
        values=table((place, list(words)) for words, places in _chosen().items() for place in places),
        files=f"@({_powershell(_valued(files=True))})",
        free=f"@({_powershell(_valued(files=False))})",
        commands=_powershell(list(COMMANDS)),
        global_flags=_powershell([*HELP_FLAGS, VERSION.short, VERSION.flag]),
    )


def _powershell(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


SCRIPTS = {"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell}
