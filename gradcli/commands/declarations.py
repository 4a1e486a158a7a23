"""The commands, each declared once: what it does, its examples and its options.

The light reader, the typer app, the help, the completions and the tests all read these
declarations; nothing else lists the commands or their options.
"""

from __future__ import annotations

from gradcli.commands import options as o
from gradcli.commands.declared import Argument, Command
from gradcli.text import listed

SHELLS = ("bash", "zsh", "fish", "powershell")

COMMANDS = {
    command.name: command
    for command in (
        Command(
            "grad",
            "The value and every partial derivative.",
            (
                ('gradcli grad "x**2 + 3*x + 1" --at x=2', "the table, checked against sympy"),
                ('gradcli grad "x**2 + 3*x + 1" --at x=2 --json', "JSON lines"),
                ('gradcli grad "sin(x)*y" --at x=pi/4,y=2 --wrt x --digits 50', "50 proven digits"),
                ('gradcli grad "exp(-x**2)" --sweep x=-2:2:9 --csv', "nine points"),
                ('gradcli grad "a*b + c" --points data.csv --accumulate', "the sum over the rows of a file"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.ALONG, o.FILE, *o.PRINTED, o.CHECK, o.MAX_OPERATIONS),
        ),
        Command(
            "eval",
            "The value alone.",
            (
                ('gradcli eval "sqrt(x**2 + y**2)" --at x=3,y=4', "5"),
                ('gradcli eval "sin(x)/x" --sweep x=1:2:11 --plain', "eleven numbers"),
                ('gradcli eval "exp(pi*sqrt(163))" --digits 40', "40 proven digits"),
            ),
            o.EXPR,
            (*o.GIVEN, o.FILE, *o.PRINTED, o.MAX_OPERATIONS),
            module="grad",
        ),
        Command(
            "diff",
            "The derivatives as formulas.",
            (
                ('gradcli diff "x**2 + 3*x + 1"', "3 + 2*x"),
                ('gradcli diff "x*sin(y)" --wrt y --json', "for a script"),
                ('gradcli diff "x**3*y" --mixed x,x,y', "a mixed partial"),
                ('gradcli diff "sin(x)/x" --latex', "for a paper"),
                ('gradcli diff "x**3*y" --mixed x,x,y --at x=2,y=1', "its number at a point"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.MIXED, o.FILE, *o.FORMULAS, *o.NUMBERS),
        ),
        Command(
            "hess",
            "Value, gradient and Hessian, its eigenvalues and what they say.",
            (
                ('gradcli hess "x**2 + 3*x*y" --at x=1,y=2', "the matrix and its eigenvalues"),
                ('gradcli hess "x**2 + 3*x*y" --at x=1,y=2 --json', "JSON lines"),
                ('gradcli hess "sum((x[1:] - x[:-1])**2)" --at "x=[1,2,4]" --sparse', "the entries that are not 0"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.FILE, o.JSON, o.SPARSE, *o.NUMBERS),
            module="rows",
        ),
        Command(
            "jac",
            "The Jacobian of several results or of an array.",
            (
                ('gradcli jac "r*cos(t), r*sin(t)" --at r=2,t=pi/6', "a row a result"),
                ('gradcli jac "r*cos(t), r*sin(t)" --at r=2 --sweep t=0:1:3 --csv', "a row a point"),
                ('gradcli jac "A @ x" --at "A=[[1,2],[3,4]],x=[1,1]" --wrt x --json', "of an array"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.FILE, o.JSON, o.CSV, *o.NUMBERS),
            module="rows",
        ),
        Command(
            "taylor",
            "The Taylor series in one variable.",
            (
                ('gradcli taylor "exp(x)*sin(x)" --at x=0 --order 6', "the coefficients and the polynomial"),
                ('gradcli taylor "x**y" --at x=2,y=3 --wrt y --json', "in one of several variables, for a script"),
                ('gradcli taylor "gamma(x)" --at x=1 --order 4 --digits 30', "30 proven digits"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.ORDER, o.FILE, o.JSON, o.DIGITS, o.MAX_OPERATIONS),
        ),
        Command(
            "graph",
            "The graph of the computation.",
            (
                ('gradcli graph "x**2 + 3*x + 1" --at x=2', "a tree with values and adjoints"),
                ('gradcli graph "x*sin(x)" --gradient', "the graph of the gradient"),
                ('gradcli graph "x*sin(x)" --at x=2 -o graph.svg', "a picture"),
            ),
            o.EXPR,
            (o.AT, *o.LAYOUT, o.WRT, o.FILE, o.GRADIENT, o.PLAIN_FLOATS, *o.PICTURES, o.MAX_OPERATIONS),
        ),
        Command(
            "explain",
            "The forward and the backward pass, line by line, with their rules.",
            (
                ('gradcli explain "x**2 + 3*x + 1" --at x=2', "each step, each rule, each adjoint"),
                ('gradcli explain "x*sin(x**2)"', "the derivation by rules, up to what diff prints"),
                ('gradcli explain "x*sin(x**2)" --at x=2 -o page.html', "a page that plays it"),
                ('gradcli explain "x*sin(x**2)" --at x=2 -o notes.md', "as Markdown"),
            ),
            o.EXPR,
            (o.AT, *o.LAYOUT, o.WRT, o.FILE, o.PLAIN_FLOATS, o.EXPLAIN_JSON, o.MARKDOWN, o.TO_PAGE, o.MAX_OPERATIONS),
        ),
        Command(
            "plot",
            "The curve, with poles, jumps and kinks; of two variables contours.",
            (
                ('gradcli plot "sin(x)/x" --range x=-20:20', "in the terminal"),
                ('gradcli plot "tan(x), abs(x)" --range -3:3 -o curves.svg', "two curves, in a file"),
                ('gradcli plot "x**3 - a*x" --range x=-2:2 --at a=1 --at a=2', "a curve for each a"),
                ('gradcli plot "log(x)" --range x=0:5 --tangent x=1', "with a tangent"),
                ('gradcli plot "x**2 + sin(3*y)" --range x=-2:2 --range y=-2:2', "contours"),
                ('gradcli plot "x**2 + x*y + y**2" --trace steps.jsonl', "with the path of minimize --trace"),
                ("gradcli plot --fit fit.json -o fit.svg", "what gradcli fit --json found"),
            ),
            o.EXPR,
            (o.RANGE, o.OTHERS, *o.LAYOUT, o.TANGENT, o.STEPS_OF, o.FIT_OF, o.PICTURE, o.FILE, o.MAX_OPERATIONS),
        ),
        Command(
            "export",
            "Value and gradient as a function of another language.",
            (
                ('gradcli export "x**2*sin(y)" --as python', "a function that needs nothing but math"),
                ('gradcli export "exp(-x**2)" --as c --name bell -o bell.c', "C99, in a file"),
                ('gradcli export "sum((x - a)**2)" --as numpy --at "x=[1,2],a=3"', "with arrays, and this test point"),
                ('gradcli export "x**2*sin(y)" --as latex', "equations"),
            ),
            o.EXPR,
            (o.AS, o.NAME, o.TO_FILE, o.AT, *o.LAYOUT, o.WRT, o.FILE, o.MAX_OPERATIONS),
        ),
        Command(
            "check",
            "The gradient against sympy and against differences.",
            (
                ('gradcli check "x**2*sin(y)" --at x=2,y=1', "both witnesses"),
                ('gradcli check "log(x + 1) - log(x)" --at x=1e12', "how many digits float64 kept"),
                ('gradcli check "gamma(x)" --sweep x=1:2:5 --json', "for a script"),
            ),
            o.EXPR,
            (*o.GIVEN, o.WRT, o.FILE, o.JSON, o.PLAIN_FLOATS, o.TIMEOUT, o.MAX_OPERATIONS),
        ),
        Command(
            "minimize",
            "The minimum, found and judged by exact derivatives.",
            (
                ('gradcli minimize "(x - 3)**2 + 1" --start x=5', "a minimum"),
                ('gradcli minimize "100*(y - x^2)^2 + (1 - x)^2" --start x=-1.2,y=1 --json', "for a script"),
                ('gradcli minimize "sum((x - 1)**4)" --start "x=[3,4,5]" --bounds x=2:5', "a vector, within bounds"),
                ('gradcli minimize "mean((b - w*a - v)**2)" data.csv --start w=0,v=0', "a regression"),
                ('gradcli minimize "a*x*exp(-x)" --start x=3 --at a=2 --maximize', "the maximum, with a fixed number"),
                ('gradcli minimize "x**4 - x" --start x=2 --method adam --lr 0.05 --trace -', "every step"),
            ),
            o.EXPR,
            (o.START, o.HELD, o.DATA, *o.READING, *o.GOAL, *o.DESCENT, o.FILE, o.ANSWER_JSON, o.MAX_OPERATIONS),
            further=o.TABLE,
        ),
        Command(
            "fit",
            "The parameters of a model by least squares, with standard errors.",
            (
                ('gradcli fit "a*(1 - exp(-b*x))" curve.csv --y y --start a=500,b=0.0001', "the parameters of a curve"),
                (
                    'gradcli fit "a + b*x" curve.csv --y "log(y)" --start a=0,b=1 --json > fit.json',
                    "for propagate --fit",
                ),
                (
                    'gradcli fit "a*x^b" curve.csv --y y --start a=1,b=1 --sigma s --absolute',
                    "with known uncertainties",
                ),
                ('gradcli fit "a*x^b" curve.csv --y y --start a=1,b=1 --loss huber --bounds b=0:3', "outliers, bounds"),
                ('gradcli fit "a*x^b" curve.csv --y y --start a=1,b=1 --profile b --band x=0:9:10', "better intervals"),
            ),
            o.EXPR,
            (*o.MODEL, *o.INTERVALS, o.DATA, *o.READING, o.FIT_STEPS, o.FILE, o.ANSWER_JSON, o.MAX_OPERATIONS),
            further=o.TABLE,
        ),
        Command(
            "propagate",
            "The uncertainty of the value, and what it is made of.",
            (
                ('gradcli propagate "x*y" --at "x=2±0.1,y=rect(3,4)"', "two uncertain inputs"),
                (
                    'gradcli propagate "V/I" --at "V=@rows.csv:V,I=@rows.csv:I" --json',
                    "repeated readings, for a script",
                ),
                ('gradcli propagate "V/I" --at "V=5.00(3),I=0.20(1)" --corr "V,I=-0.36"', "with a correlation"),
                ('gradcli propagate "x^2" --at "x=1±5%" --dof x=4 --coverage 0.99', "with degrees of freedom"),
                ('gradcli propagate "b1*exp(-b2*30)" --fit fit.json', "from what gradcli fit --json wrote"),
            ),
            o.EXPR,
            (*o.UNCERTAIN, *o.TRUST, o.POINTS, *o.READING, o.FILE, o.JSON, o.MAX_OPERATIONS),
        ),
        Command(
            "batch",
            "Value and partials for every row of a table of any length.",
            (
                ('gradcli batch "a*exp(-b)" data.csv -o out.csv', "the columns of data.csv, value and d/dx for each"),
                ('gradcli batch "a*b" data.parquet -o out.parquet --resume', "a long run that may be killed"),
                ('gradcli batch "a*b" "data/*.parquet" -o out/', "many files, a file for each"),
                ('gradcli batch "log(w)" trees.csv --column w="Width (cm)" --stats', "mean, spread and extremes"),
                ('gradcli batch "a*b" data.csv --wrt a --only --to jsonl | jq .value', "in a pipe"),
                ('gradcli batch "a*b" "s3://bucket/*.parquet" -o out/ --cluster tcp://host:8786', "on a cluster"),
            ),
            o.EXPR,
            (o.OUTPUT, o.FIXED, o.WRT, o.COLUMN, *o.LAYOUT, *o.ROWS, *o.SUMS, *o.RUNS, o.FILE, o.MAX_OPERATIONS),
            further=Argument("INPUT", "Tables: files, globs in quotes, folders, URIs; - is standard input."),
        ),
        Command(
            "functions",
            "The functions of the language.",
            (
                ("gradcli functions", "all of them"),
                ("gradcli functions atan2", "one: formula, derivative, domain, kinks"),
                ("gradcli functions --json", "for a script"),
            ),
            Argument("NAME", "A function, by any of its names.", required=False, completes="function"),
            (o.FUNCTIONS_JSON,),
        ),
        Command(
            "completions",
            "The completion script of a shell.",
            (
                ("gradcli completions bash > ~/.local/share/bash-completion/completions/gradcli", "for bash"),
                ('gradcli completions zsh > "${fpath[1]}/_gradcli"', "for zsh"),
                ("gradcli completions fish > ~/.config/fish/completions/gradcli.fish", "for fish"),
                ("gradcli completions powershell >> $PROFILE", "for PowerShell"),
            ),
            Argument("SHELL", f"{listed(SHELLS, 'or')}.", choices=SHELLS),
            (),
        ),
        Command(
            "help",
            "A command with its manual, or a topic.",
            (
                ("gradcli help", "the commands and the topics"),
                ("gradcli help batch", "the options and the manual of a command"),
                ("gradcli help language", "what a formula may be"),
                ("gradcli help --man > ~/.local/share/man/man1/gradcli.1", "for man gradcli"),
            ),
            Argument("TOPIC", "A command or a topic.", required=False, completes="topic"),
            (o.MAN,),
            module="topics",
        ),
    )
}
