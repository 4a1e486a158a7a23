"""The options and the arguments of the commands, each declared once, and those that several commands share."""

from __future__ import annotations

from gradcli.commands.declared import PATH, SECONDS, SWITCH, TEXT, TEXTS, TOGGLE, WHOLE, Argument, Option
from gradcli.views.forms import FORMS

FORMATS = "gradcli.tables.formats:FORMATS"

EXPR = Argument("EXPR", "The formula or program, in quotes; - reads it from standard input.", required=False)
TABLE = Argument("DATA", "A table, as --data.")
AT = Option("--at", TEXTS, "The point: x=2,y=1/3. Naming a variable again opens the next point.")
SWEEP = Option(
    "--sweep", TEXTS, "N points from START to STOP, both included; several make a grid, the last fastest.",
    metavar="X=START:STOP:N",
)  # fmt: skip
POINTS = Option("--points", PATH, "One point a row: CSV, TSV, JSON lines, NPZ, Parquet or Arrow; - is standard input.")
FILE = Option("--file", PATH, "Read the formula or program from a file.")
WRT = Option("--wrt", TEXTS, "Differentiate by these variables, in this order; all by default.", metavar="X,...")
ALONG = Option("--along", TEXTS, "Also the derivative along this vector, which names every variable.")
OUTPUTS = {name: Option(f"--{name}", SWITCH, text) for name, (text, _) in FORMS.items() if name}
JSON, CSV = OUTPUTS["json"], OUTPUTS["csv"]
DIGITS = Option("--digits", WHOLE, "Print this many digits, each of them proven.", most=1_000_000)
PLAIN_FLOATS = Option("--plain-floats", SWITCH, "Print what float64 gives, also where rounding has spoilt it.")
ROUND = Option("--round", WHOLE, "Round the table to so many significant digits.", most=1_000_000)
CONDITION = Option(
    "--condition", SWITCH, "Also x f'/f for each x: how many times as large an error of x comes out; not with --digits."
)
NAMED = Option("--named", SWITCH, "Also what belongs to the names that the program assigns.")
ACCUMULATE = Option("--accumulate", SWITCH, "Sum over all points; not with --digits or --named.")
CHECK = Option("--check", TOGGLE, "Let sympy check the gradient. On for the table, off for other formats.")
MAX_OPERATIONS = Option("--max-operations", WHOLE, "Refuse a longer program; 2000000 by default.")
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
    "--output", PATH, "Write this file: a page that plays both passes (.html), or .md, .json, .txt.", short="-o"
)
AS = Option(
    "--as", TEXT, "The language: CHOICES.",
    metavar="LANGUAGE", choices=("python", "numpy", "c", "javascript", "latex", "dot"),
)  # fmt: skip
NAME = Option("--name", TEXT, "The name of the function; f by default.", metavar="NAME")
TO_FILE = Option("--output", PATH, "Write this file instead of standard output.", short="-o")
TO_PICTURE = Option(
    "--output", PATH, "Write this file, in the form of its name: .svg, .png, .dot, .mmd, .json or .txt.", short="-o"
)
TIMEOUT = Option("--timeout", SECONDS, "Give up after this many seconds; 10 by default.")
ORDER = Option("--order", WHOLE, "The highest power; 8 by default.", least=0, most=1000)
START = Option("--start", TEXTS, "Where to start, and with it the variables: x=5,y=0 or x=[1,2,3].")
DATA = Option("--data", PATH, "Bind the columns of a file as vectors, in a format of --points; - is standard input.")
HELD = Option("--at", TEXTS, "Numbers and arrays that stay as they are: a=2,c=[1,2].")
MAXIMIZE = Option("--maximize", SWITCH, "Look for the maximum.")
BOUNDS = Option("--bounds", TEXTS, "Keep variables within bounds: x=0:10, x=0: or x=:10.", metavar="X=LOW:HIGH,...")
METHOD = Option(
    "--method", TEXT, "CHOICES; newton by default.",
    metavar="NAME", choices=("newton", "bfgs", "lbfgs", "sgd", "momentum", "adam"),
)  # fmt: skip
LR = Option("--lr", TEXT, "The learning rate of sgd, momentum and adam; 0.01 by default.", metavar="RATE")
STEPS = Option("--steps", WHOLE, "Stop after so many steps; by default 10000 with a learning rate, else 100000.")
TRACE = Option(
    "--trace", PATH, "Write every step as a JSON line; - is standard output, and the answer goes to standard error."
)
RANGE = Option(
    "--range", TEXTS, "From LOW to HIGH; the name may be left out where there is one variable. Two draw contours.",
    metavar="X=LOW:HIGH",
)  # fmt: skip
OTHERS = Option("--at", TEXTS, "The other variables: a=2. Naming one again draws a further curve.")
TANGENT = Option("--tangent", TEXTS, "Also the tangent at a point.", metavar="X=VALUE")
FIT_OF = Option(
    "--fit", PATH, "Draw what gradcli fit --json wrote: data, curve, band, residuals; EXPR is the data, if moved."
)
STEPS_OF = Option(
    "--trace", PATH, "Also the path that gradcli minimize --trace wrote; by default the range is its own."
)
PICTURE = Option("--output", PATH, "Write this file, .svg or .png, in place of a picture on the terminal.", short="-o")
ANSWER_JSON = Option("--json", SWITCH, "Print the answer as one JSON object.")

FIXED = Option("--at", TEXTS, "Numbers for variables that are no columns: x=2,y=1/3.")
OUTPUT = Option(
    "--output", PATH, "The file to write, in the format of its name; FOLDER/ gets a file for each input.", short="-o"
)
FROM = Option("--from", TEXT, "The format of the input: CHOICES.", metavar="FORMAT", choices=FORMATS)
TO = Option("--to", TEXT, "The format of the output: CHOICES.", metavar="FORMAT", choices=FORMATS)
COLUMN = Option(
    "--column", TEXTS, 'The column of a variable, where the names differ: x="sepal length (cm)".', metavar="X=COLUMN"
)
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
NAMES = Option("--names", TEXTS, "Other names for results: value=price,d/dx=delta.", metavar="RESULT=NAME,...")
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
WORKERS = Option("--workers", WHOLE, "Run on so many processes of this machine, through Dask.", most=10_000)
CLUSTER = Option("--cluster", TEXT, "Run on the Dask cluster of this scheduler.", metavar="ADDRESS")

INPUTS = Option(
    "--at", TEXTS, "The inputs: x=2±0.1, x=2.00(12)e-3, x=5±2%, x=rect(1,2), x=@rows.csv:V, or a number alone."
)
CORR = Option("--corr", TEXTS, "Correlations of inputs.", metavar="X,Y=R,...")
COV = Option("--cov", PATH, "The covariances of inputs: a table with their names as the header.")
DOF = Option("--dof", TEXTS, "The degrees of freedom of uncertainties.", metavar="X=NU,...")
FIT = Option("--fit", PATH, "Take the parameters that gradcli fit --json wrote, with their covariances.")
COVERAGE = Option("--coverage", TEXT, "The probability of the intervals; 0.95 by default.", metavar="P")
TRIALS = Option(
    "--trials", WHOLE, "So many Monte Carlo trials, 0 for none; 1000000 by default.", least=0, most=100_000_000
)
SEED = Option("--seed", WHOLE, "Decides the random draws; 1 by default.", least=0)
ROUNDING = Option(
    "--round", TEXT, "How the table is rounded: gum (two digits of u; the default) or pdg.",
    metavar="RULE", choices=("gum", "pdg"),
)  # fmt: skip
REPORT = Option("--report", PATH, "Also write the answer to a file, in Markdown.", metavar="FILE.md")
MIXED = Option("--mixed", TEXT, "The derivative by one variable after another: x,x,y.", metavar="X,...")
SIMPLIFY = Option("--simplify", SWITCH, "Let sympy simplify the formulas, for at most 10 s each.")
LATEX = Option("--latex", SWITCH, "Print the formulas as LaTeX.")
DIFF_JSON = Option("--json", SWITCH, "Print a JSON object; with a point a line each.")
SPARSE = Option("--sparse", SWITCH, "Print what is not 0 by structure alone, a line i j value each, from 0.")

MAN = Option("--man", SWITCH, "Print the page for man.")

RESPONSE = Option("--y", TEXT, "What the model is fitted to: a column, or an expression of columns.", metavar="EXPR")
SIGMA = Option("--sigma", TEXT, "The standard uncertainty of y: a column, or an expression of columns.", metavar="EXPR")
ABSOLUTE = Option("--absolute", SWITCH, "Take --sigma as known, not only up to a common factor.")
PARAMETERS = Option("--start", TEXTS, "The parameters, and where to start: b1=1,b2=0.5.")
LOSS = Option(
    "--loss", TEXT, "Count large residuals for less: CHOICES; huber:1.5 says from where on.",
    metavar="NAME[:SCALE]", choices=("huber", "soft_l1", "cauchy"), open=True,
)  # fmt: skip
PROFILE = Option("--profile", TEXTS, "Find the interval of a parameter by fitting the others anew.", metavar="X,...")
BAND = Option("--band", TEXTS, "The curve and its confidence band at N points.", metavar="X=START:STOP:N")
FIT_STEPS = Option("--steps", WHOLE, "Stop after so many steps; 1000 by default.")

# Options that several commands have, or that belong together.
LAYOUT = (DELIMITER, COMMENT, HEADER, DECIMAL)
READING = (COLUMN, ON_MISSING, *LAYOUT)
GIVEN = (AT, SWEEP, POINTS, *READING)
PRINTED = (*OUTPUTS.values(), DIGITS, PLAIN_FLOATS, CONDITION, NAMED, ACCUMULATE, ROUND)
ROWS = (ONLY, NAMES, PREFIX, FROM, TO, ON_ERROR)
SUMS = (SUM, STATS, AUDIT, SUM_JSON)
RUNS = (RESUME, FORCE, FLOAT32, WORKERS, CLUSTER)
PICTURES = (TO_PICTURE, SVG, PNG, DOT, MERMAID, GRAPH_JSON)
GOAL = (MAXIMIZE, BOUNDS)
DESCENT = (METHOD, LR, STEPS, TRACE)
MODEL = (RESPONSE, PARAMETERS, HELD, SIGMA, ABSOLUTE, BOUNDS, LOSS)
INTERVALS = (PROFILE, BAND, COVERAGE)
FORMULAS = (DIFF_JSON, SIMPLIFY, LATEX)
NUMBERS = (DIGITS, PLAIN_FLOATS, ROUND, MAX_OPERATIONS)
UNCERTAIN = (INPUTS, CORR, COV, DOF, FIT)
TRUST = (COVERAGE, TRIALS, SEED, ROUNDING, REPORT)
