"""The commands and their options, declared once.

The light reader, the typer app, the help, the completions and the tests all read these
declarations; nothing else lists the commands or the options.
"""

from __future__ import annotations

from gradcli.commands.declared import SECONDS, SWITCH, TEXT, TOGGLE, WHOLE, Argument, Command, Option
from gradcli.views.forms import FORMS

SHELLS = ("bash", "zsh", "fish", "powershell")
FORMATS = "gradcli.tables.formats:FORMATS"

EXPR = Argument("EXPR", "The formula or program, in quotes; - reads it from standard input.", required=False)
AT = Option(
    "--at", TEXT, "The point: x=2,y=1/3. Naming a variable again opens the next point.",
    metavar="X=VALUE,...", multiple=True,
)  # fmt: skip
SWEEP = Option(
    "--sweep", TEXT, "N points from START to STOP, both included; several make a grid, the last fastest.",
    metavar="X=START:STOP:N", multiple=True,
)  # fmt: skip
POINTS = Option(
    "--points", TEXT, "One point a row: CSV, TSV, JSON lines, NPZ, Parquet or Arrow; - is standard input.",
    metavar="FILE", completes="file",
)  # fmt: skip
FILE = Option("--file", TEXT, "Read the formula or program from a file.", metavar="FILE", completes="file")
WRT = Option(
    "--wrt", TEXT, "Differentiate by these variables, in this order; all by default.",
    metavar="X,...", multiple=True,
)  # fmt: skip
ALONG = Option(
    "--along", TEXT, "Also the derivative along this vector, which names every variable.",
    metavar="X=VALUE,...", multiple=True,
)  # fmt: skip
OUTPUTS = tuple(Option(f"--{name}", SWITCH, text) for name, (text, _) in FORMS.items() if name)
JSON = OUTPUTS[0]
DIGITS = Option("--digits", WHOLE, "Print this many digits, each of them proven.", metavar="N", most=1_000_000)
PLAIN_FLOATS = Option("--plain-floats", SWITCH, "Print what float64 gives, also where rounding has spoilt it.")
ROUND = Option("--round", WHOLE, "Round the table to so many significant digits.", metavar="N", most=1_000_000)
CONDITION = Option(
    "--condition", SWITCH, "Also x f'/f for each x: how many times as large an error of x comes out; not with --digits."
)
NAMED = Option("--named", SWITCH, "Also what belongs to the names that the program assigns.")
ACCUMULATE = Option("--accumulate", SWITCH, "Sum over all points; not with --digits or --named.")
CHECK = Option("--check", TOGGLE, "Let sympy check the gradient. On for the table, off for other formats.")
MAX_OPERATIONS = Option("--max-operations", WHOLE, "Refuse a longer program; 2000000 by default.", metavar="N")
GRADIENT = Option("--gradient", SWITCH, "Draw the graph of the gradient.")
SVG = Option("--svg", SWITCH, "Draw it as SVG.")
PNG = Option("--png", SWITCH, "Draw it as PNG.")
DOT = Option("--dot", SWITCH, "Print it for Graphviz.")
MERMAID = Option("--mermaid", SWITCH, "Print it for Mermaid.")
FUNCTIONS_JSON = Option("--json", SWITCH, "Print JSON lines, one object a function.")
GRAPH_JSON = Option("--json", SWITCH, "Print it as JSON.")
EXPLAIN_JSON = Option(
    "--json", SWITCH, "Print one JSON object, with the ids of graph --json; local is null where no product is sent."
)
MARKDOWN = Option("--markdown", SWITCH, "Print Markdown.")
TO_PAGE = Option(
    "--output", TEXT, "Write this file: a page that plays both passes (.html), or .md, .json, .txt.",
    metavar="FILE", completes="file", short="-o",
)  # fmt: skip
AS = Option(
    "--as", TEXT, "The language: CHOICES.", metavar="LANGUAGE",
    choices=("python", "numpy", "c", "javascript", "latex", "dot"),
)  # fmt: skip
NAME = Option("--name", TEXT, "The name of the function; f by default.", metavar="NAME")
TO_FILE = Option(
    "--output", TEXT, "Write this file instead of standard output.", metavar="FILE", completes="file", short="-o"
)
TO_PICTURE = Option(
    "--output", TEXT, "Write this file, in the form of its name: .svg, .png, .dot, .mmd, .json or .txt.",
    metavar="FILE", completes="file", short="-o",
)  # fmt: skip
TIMEOUT = Option("--timeout", SECONDS, "Give up after this many seconds; 10 by default.", metavar="SECONDS")
ORDER = Option("--order", WHOLE, "The highest power; 8 by default.", metavar="N", most=1000)
START = Option(
    "--start", TEXT, "Where to start, and with it the variables: x=5,y=0 or x=[1,2,3].",
    metavar="X=VALUE,...", multiple=True,
)  # fmt: skip
DATA = Option(
    "--data", TEXT, "Bind the columns of a file as vectors, in a format of --points; - is standard input.",
    metavar="FILE", completes="file",
)  # fmt: skip
HELD = Option(
    "--at", TEXT, "Numbers and arrays that stay as they are: a=2,c=[1,2].", metavar="X=VALUE,...", multiple=True
)
MAXIMIZE = Option("--maximize", SWITCH, "Look for the maximum.")
BOUNDS = Option(
    "--bounds", TEXT, "Keep variables within bounds: x=0:10, x=0: or x=:10.", metavar="X=LOW:HIGH,...", multiple=True
)
METHOD = Option(
    "--method", TEXT, "CHOICES; newton by default.",
    metavar="NAME", choices=("newton", "bfgs", "lbfgs", "sgd", "momentum", "adam"),
)  # fmt: skip
LR = Option("--lr", TEXT, "The learning rate of sgd, momentum and adam; 0.01 by default.", metavar="RATE")
STEPS = Option(
    "--steps", WHOLE, "Stop after so many steps; by default 10000 with a learning rate, else 100000.", metavar="N"
)
TRACE = Option(
    "--trace",
    TEXT,
    "Write every step as a JSON line; - is standard output, and the answer goes to standard error.",
    metavar="FILE",
    completes="file",
)
RANGE = Option(
    "--range", TEXT, "From LOW to HIGH; the name may be left out where there is one variable. Two draw contours.",
    metavar="X=LOW:HIGH", multiple=True,
)  # fmt: skip
OTHERS = Option(
    "--at",
    TEXT,
    "The other variables: a=2. Naming one again draws a further curve.",
    metavar="X=VALUE,...",
    multiple=True,
)
TANGENT = Option("--tangent", TEXT, "Also the tangent at a point.", metavar="X=VALUE", multiple=True)
FIT_OF = Option(
    "--fit", TEXT, "Draw what gradcli fit --json wrote: data, curve, band, residuals; EXPR is the data, if moved.",
    metavar="FILE", completes="file",
)  # fmt: skip
STEPS_OF = Option(
    "--trace", TEXT, "Also the path that gradcli minimize --trace wrote; by default the range is its own.",
    metavar="FILE", completes="file",
)  # fmt: skip
PICTURE = Option(
    "--output", TEXT, "Write this file, .svg or .png, in place of a picture on the terminal.", metavar="FILE",
    completes="file", short="-o",
)  # fmt: skip
ANSWER_JSON = Option("--json", SWITCH, "Print the answer as one JSON object.")

FIXED = Option(
    "--at", TEXT, "Numbers for variables that are no columns: x=2,y=1/3.", metavar="X=VALUE,...", multiple=True
)
OUTPUT = Option(
    "--output", TEXT, "The file to write, in the format of its name; FOLDER/ gets a file for each input.",
    metavar="FILE", completes="file", short="-o",
)  # fmt: skip
FROM = Option("--from", TEXT, "The format of the input: CHOICES.", metavar="FORMAT", choices=FORMATS)
TO = Option("--to", TEXT, "The format of the output: CHOICES.", metavar="FORMAT", choices=FORMATS)
COLUMN = Option(
    "--column", TEXT, 'The column of a variable, where the names differ: x="sepal length (cm)".',
    metavar="X=COLUMN", multiple=True,
)  # fmt: skip
DELIMITER = Option(
    "--delimiter", TEXT, "The sign between the cells of a text: ';', tab, or blank for any number of blanks.",
    metavar="SIGN", choices=("tab", "blank"), open=True,
)  # fmt: skip
COMMENT = Option("--comment", TEXT, "Leave out the lines of a text that begin with it.", metavar="SIGN")
HEADER = Option(
    "--header", TEXT, "The text names no columns: these are their names; none numbers them.", metavar="X,..."
)
DECIMAL = Option("--decimal", TEXT, "The sign before decimals in a text: , or .", metavar="SIGN")
ONLY = Option("--only", SWITCH, "Write the results without the columns of the input.")
NAMES = Option(
    "--names", TEXT, "Other names for results: value=price,d/dx=delta.", metavar="RESULT=NAME,...", multiple=True
)
PREFIX = Option("--prefix", TEXT, "What the names of all results begin with.", metavar="TEXT")
FLOAT32 = Option("--float32", SWITCH, "Compute and write 32-bit numbers.")
ON_ERROR = Option(
    "--on-error", TEXT, "What to do at a row without its numbers: CHOICES; stop by default.",
    metavar="WHAT", choices=("stop", "nan", "skip"),
)  # fmt: skip
ON_MISSING = Option(
    "--on-error", TEXT, "What to do at a row without its numbers: CHOICES; stop by default.",
    metavar="WHAT", choices=("stop", "skip"),
)  # fmt: skip
SUM = Option("--accumulate", SWITCH, "Print one sum over all rows instead of a row each.")
STATS = Option("--stats", SWITCH, "Print mean, spread and extremes of each result instead of rows.")
AUDIT = Option("--audit", SWITCH, "Tell how many rows rounding may have spoilt, and which is the worst.")
SUM_JSON = Option("--json", SWITCH, "Print the sum or the statistics as JSON.")
RESUME = Option(
    "--resume", SWITCH, "Go on where a run of the same command stopped, and keep what is done if this one stops."
)
FORCE = Option("--force", SWITCH, "Replace an output that exists, and begin anew.")
WORKERS = Option(
    "--workers", WHOLE, "Run on so many processes of this machine, through Dask.", metavar="N", most=10_000
)
CLUSTER = Option("--cluster", TEXT, "Run on the Dask cluster of this scheduler.", metavar="ADDRESS")

INPUTS = Option(
    "--at", TEXT, "The inputs: x=2±0.1, x=2.00(12)e-3, x=5±2%, x=rect(1,2), x=@rows.csv:V, or a number alone.",
    metavar="X=VALUE,...", multiple=True,
)  # fmt: skip
CORR = Option("--corr", TEXT, "Correlations of inputs.", metavar="X,Y=R,...", multiple=True)
COV = Option(
    "--cov",
    TEXT,
    "The covariances of inputs: a table with their names as the header.",
    metavar="FILE",
    completes="file",
)
DOF = Option("--dof", TEXT, "The degrees of freedom of uncertainties.", metavar="X=NU,...", multiple=True)
FIT = Option(
    "--fit", TEXT, "Take the parameters that gradcli fit --json wrote, with their covariances.",
    metavar="FILE", completes="file",
)  # fmt: skip
COVERAGE = Option("--coverage", TEXT, "The probability of the intervals; 0.95 by default.", metavar="P")
TRIALS = Option("--trials", WHOLE, "So many Monte Carlo trials; 1000000 by default.", metavar="N", most=100_000_000)
SEED = Option("--seed", WHOLE, "Decides the random draws; 1 by default.", metavar="N")
ROUNDING = Option(
    "--round", TEXT, "How the table is rounded: gum (two digits of u; the default) or pdg.",
    metavar="RULE", choices=("gum", "pdg"),
)  # fmt: skip
REPORT = Option("--report", TEXT, "Also write the answer to a file, in Markdown.", metavar="FILE.md", completes="file")
MIXED = Option("--mixed", TEXT, "The derivative by one variable after another: x,x,y.", metavar="X,...")
SIMPLIFY = Option("--simplify", SWITCH, "Let sympy simplify the formulas, for at most 10 s each.")
LATEX = Option("--latex", SWITCH, "Print the formulas as LaTeX.")
DIFF_JSON = Option("--json", SWITCH, "Print a JSON object; with a point a line each.")
SPARSE = Option("--sparse", SWITCH, "Print what is not 0 by structure alone, a line i j value each, from 0.")

MAN = Option("--man", SWITCH, "Print the page for man.")

RESPONSE = Option("--y", TEXT, "What the model is fitted to: a column, or an expression of columns.", metavar="EXPR")
SIGMA = Option("--sigma", TEXT, "The standard uncertainty of y: a column, or an expression of columns.", metavar="EXPR")
ABSOLUTE = Option("--absolute", SWITCH, "Take --sigma as known, not only up to a common factor.")
PARAMETERS = Option(
    "--start", TEXT, "The parameters, and where to start: b1=1,b2=0.5.", metavar="X=VALUE,...", multiple=True
)
LOSS = Option(
    "--loss", TEXT, "Count large residuals for less: CHOICES; huber:1.5 says from where on.",
    metavar="NAME[:SCALE]", choices=("huber", "soft_l1", "cauchy"), open=True,
)  # fmt: skip
PROFILE = Option(
    "--profile", TEXT, "Find the interval of a parameter by fitting the others anew.", metavar="X,...", multiple=True
)
BAND = Option("--band", TEXT, "The curve and its confidence band at N points.", metavar="X=START:STOP:N", multiple=True)
FIT_STEPS = Option("--steps", WHOLE, "Stop after so many steps; 1000 by default.", metavar="N")

# Options that several commands have, or that belong together.
LAYOUT = (DELIMITER, COMMENT, HEADER, DECIMAL)
READING = (COLUMN, ON_MISSING, *LAYOUT)
GIVEN = (AT, SWEEP, POINTS, *READING)
PRINTED = (*OUTPUTS, DIGITS, PLAIN_FLOATS, CONDITION, NAMED, ACCUMULATE, ROUND)
ROWS = (ONLY, NAMES, PREFIX, FROM, TO, ON_ERROR)
SUMS = (SUM, STATS, AUDIT, SUM_JSON)
RUNS = (RESUME, FORCE, FLOAT32, WORKERS, CLUSTER)

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
            EXPR,
            (*GIVEN, WRT, ALONG, FILE, *PRINTED, CHECK, MAX_OPERATIONS),
        ),
        Command(
            "eval",
            "The value alone.",
            (
                ('gradcli eval "sqrt(x**2 + y**2)" --at x=3,y=4', "5"),
                ('gradcli eval "sin(x)/x" --sweep x=1:2:11 --plain', "eleven numbers"),
                ('gradcli eval "exp(pi*sqrt(163))" --digits 40', "40 proven digits"),
            ),
            EXPR,
            (*GIVEN, FILE, *PRINTED, MAX_OPERATIONS),
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
            EXPR,
            (*GIVEN, WRT, MIXED, FILE, DIFF_JSON, SIMPLIFY, LATEX, DIGITS, PLAIN_FLOATS, ROUND, MAX_OPERATIONS),
        ),
        Command(
            "hess",
            "Value, gradient and Hessian, its eigenvalues and what they say.",
            (
                ('gradcli hess "x**2 + 3*x*y" --at x=1,y=2', "the matrix and its eigenvalues"),
                ('gradcli hess "x**2 + 3*x*y" --at x=1,y=2 --json', "JSON lines"),
                ('gradcli hess "sum((x[1:] - x[:-1])**2)" --at "x=[1,2,4]" --sparse', "the entries that are not 0"),
            ),
            EXPR,
            (*GIVEN, WRT, FILE, JSON, SPARSE, DIGITS, PLAIN_FLOATS, ROUND, MAX_OPERATIONS),
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
            EXPR,
            (*GIVEN, WRT, FILE, *OUTPUTS[:2], DIGITS, PLAIN_FLOATS, ROUND, MAX_OPERATIONS),
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
            EXPR,
            (*GIVEN, WRT, ORDER, FILE, JSON, DIGITS, MAX_OPERATIONS),
        ),
        Command(
            "graph",
            "The graph of the computation.",
            (
                ('gradcli graph "x**2 + 3*x + 1" --at x=2', "a tree with values and adjoints"),
                ('gradcli graph "x*sin(x)" --gradient', "the graph of the gradient"),
                ('gradcli graph "x*sin(x)" --at x=2 -o graph.svg', "a picture"),
            ),
            EXPR,
            (
                AT,
                *LAYOUT,
                WRT,
                FILE,
                GRADIENT,
                PLAIN_FLOATS,
                TO_PICTURE,
                SVG,
                PNG,
                DOT,
                MERMAID,
                GRAPH_JSON,
                MAX_OPERATIONS,
            ),
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
            EXPR,
            (AT, *LAYOUT, WRT, FILE, PLAIN_FLOATS, EXPLAIN_JSON, MARKDOWN, TO_PAGE, MAX_OPERATIONS),
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
            EXPR,
            (RANGE, OTHERS, *LAYOUT, TANGENT, STEPS_OF, FIT_OF, PICTURE, FILE, MAX_OPERATIONS),
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
            EXPR,
            (AS, NAME, TO_FILE, AT, *LAYOUT, WRT, FILE, MAX_OPERATIONS),
        ),
        Command(
            "check",
            "The gradient against sympy and against differences.",
            (
                ('gradcli check "x**2*sin(y)" --at x=2,y=1', "both witnesses"),
                ('gradcli check "log(x + 1) - log(x)" --at x=1e12', "how many digits float64 kept"),
                ('gradcli check "gamma(x)" --sweep x=1:2:5 --json', "for a script"),
            ),
            EXPR,
            (*GIVEN, WRT, FILE, JSON, PLAIN_FLOATS, TIMEOUT, MAX_OPERATIONS),
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
            EXPR,
            (
                START,
                HELD,
                DATA,
                *READING,
                MAXIMIZE,
                BOUNDS,
                METHOD,
                LR,
                STEPS,
                TRACE,
                FILE,
                ANSWER_JSON,
                MAX_OPERATIONS,
            ),
            further=Argument("DATA", "A table, as --data.", completes="file"),
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
            EXPR,
            (
                RESPONSE,
                PARAMETERS,
                HELD,
                SIGMA,
                ABSOLUTE,
                BOUNDS,
                LOSS,
                PROFILE,
                BAND,
                COVERAGE,
                DATA,
                *READING,
                FIT_STEPS,
                FILE,
                ANSWER_JSON,
                MAX_OPERATIONS,
            ),
            further=Argument("DATA", "A table, as --data.", completes="file"),
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
            EXPR,
            (
                INPUTS,
                CORR,
                COV,
                DOF,
                FIT,
                COVERAGE,
                TRIALS,
                SEED,
                ROUNDING,
                REPORT,
                POINTS,
                *READING,
                FILE,
                JSON,
                MAX_OPERATIONS,
            ),
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
            EXPR,
            (OUTPUT, FIXED, WRT, COLUMN, *LAYOUT, *ROWS, *SUMS, *RUNS, FILE, MAX_OPERATIONS),
            further=Argument(
                "INPUT", "Tables: files, globs in quotes, folders, URIs; - is standard input.", completes="file"
            ),
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
            (FUNCTIONS_JSON,),
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
            Argument("SHELL", "bash, zsh, fish or powershell.", choices=SHELLS),
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
            (MAN,),
            module="topics",
        ),
    )
}
