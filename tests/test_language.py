"""The language: spellings and the one tree that they mean (design, section 1)."""

from __future__ import annotations

import math

import pytest
from helpers import tree

from gradcli.core.op import NUMBER
from gradcli.errors import ExpressionError
from gradcli.language.parser import parse

SPELLINGS = [
    # numbers
    ("2", "2"), ("2.5", "2.5"), (".5", "0.5"), ("3.", "3"), ("1e-3", "0.001"), ("1_000", "1000"), ("2E-3", "0.002"),
    ("2e3x", "(mul 2000 x)"), ("2e", "(mul 2 E)"), ("2ex", "(mul 2 ex)"), ("2e+x", "(add (mul 2 E) x)"),
    ("3.x", "(mul 3 x)"), ("1e400", "inf"), ("1_0.2_5e1_0", "102500000000"), ("00012", "12"),
    # names
    ("lambda + class", "(add lambda class)"), ("gamma*gamma(x)", "(mul gamma (gamma x))"), ("µ + μ", "(add μ μ)"),
    ("ﬁ", "fi"), ("_x1", "_x1"), ("x̂", "x̂"), ("変数 + 1", "(add 変数 1)"), ("True", "True"), ("I", "I"), ("j", "j"),
    # constants
    ("pi + π + tau + e + inf + nan", "(add (add (add (add (add PI Π) TAU) E) INF) NAN)"), ("e = 3; e", "3"),
    # operators, loosest first
    ("a if c else b", "(where c a b)"), ("a if c else b if d else g", "(where c a (where d b g))"),
    ("(a if c else b) if d else g", "(where d (where c a b) g)"), ("a + 1 if c else b", "(where c (add a 1) b)"),
    ("a or b and c", "(logical_or a (logical_and b c))"), ("not a == b", "(logical_not (eq a b))"),
    ("not a and not b", "(logical_and (logical_not a) (logical_not b))"), ("not not a", "(logical_not (logical_not a))"),
    ("a if not b else c", "(where (logical_not b) a c)"), ("a if b or c else d", "(where (logical_or b c) a d)"),
    ("a or b if c else d", "(where c (logical_or a b) d)"), ("a if b else c or d", "(where b a (logical_or c d))"),
    ("0 < x < 1", "(logical_and (lt 0 x) (lt x 1))"),
    ("a < b <= c != d", "(logical_and (logical_and (lt a b) (le b c)) (ne c d))"),
    ("(a < b) < c", "(lt (lt a b) c)"), ("a < b == c + 1", "(logical_and (lt a b) (eq b (add c 1)))"),
    ("a - b - c", "(sub (sub a b) c)"), ("a - (b - c)", "(sub a (sub b c))"), ("a/b*c", "(mul (div a b) c)"),
    ("a % b / c", "(div (mod a b) c)"), ("a + b*c", "(add a (mul b c))"),
    ("-x^2", "(neg (pow x 2))"), ("-x*y", "(mul (neg x) y)"), ("2^-x", "(pow 2 (neg x))"),
    ("2^-x^2", "(pow 2 (neg (pow x 2)))"), ("2^-x*3", "(mul (pow 2 (neg x)) 3)"), ("a^b^c", "(pow a (pow b c))"),
    ("a**b**c", "(pow a (pow b c))"), ("--x", "(neg (neg x))"), ("+x", "x"), ("a - -b", "(sub a (neg b))"),
    ("- 2", "(neg 2)"), ("a*-b", "(mul a (neg b))"),
    # the implicit product
    ("3x", "(mul 3 x)"), ("2(x+1)", "(mul 2 (add x 1))"), ("2 sin(x)", "(mul 2 (sin x))"), ("1/2x", "(mul (div 1 2) x)"),
    ("2^3x", "(mul (pow 2 3) x)"), ("2x^2", "(mul 2 (pow x 2))"), ("-2x", "(mul (neg 2) x)"), ("2 x", "(mul 2 x)"),
    ("3x + 2y", "(add (mul 3 x) (mul 2 y))"), ("2(1)", "(mul 2 1)"), ("a + 2(x)", "(add a (mul 2 x))"),
    ("2x if 3y else 4z", "(where (mul 3 y) (mul 2 x) (mul 4 z))"),
    # superscripts
    ("x²", "(pow x 2)"), ("r⁻¹", "(pow r (neg 1))"), ("x²³", "(pow x 23)"), ("-x²", "(neg (pow x 2))"),
    ("2x²", "(mul 2 (pow x 2))"), ("(a+b)²", "(pow (add a b) 2)"), ("sin(x)²", "(pow (sin x) 2)"), ("a^x²", "(pow a (pow x 2))"),
    ("x⁺²", "(pow x 2)"),
    # signs that look like operators
    ("a − b", "(sub a b)"), ("a × b · c ÷ d", "(div (mul (mul a b) c) d)"), ("a ≤ b", "(le a b)"), ("a ≥ b", "(ge a b)"),
    ("a ≠ b", "(ne a b)"), ("−x", "(neg x)"),
    # programs
    ("c = a*b; d = c**2; d + 3", "(add (pow (mul a b) 2) 3)"), ("c = a\nc + 1\n", "(add a 1)"), ("x = x + 1; x*2", "(mul (add x 1) 2)"),
    ("x # a comment\n", "x"), ("# first\nx", "x"), ("x;;\n;", "x"), ("(a +\n b)", "(add a b)"), ("max(a,\n b)", "(max a b)"),
    ("f(x, y) = x*y; f(2, z)", "(mul 2 z)"), ("f(x) = x + a; a = 3; f(1)", "(add 1 a)"), ("a = 3; f(x) = x + a; f(1)", "(add 1 3)"),
    ("f(x) = x^2; g(x) = f(x) + f(2); g(y)", "(add (pow y 2) (pow 2 2))"), ("sin(x) = x + 1; sin(2)", "(add 2 1)"),
    ("f(x) = x; f(f(f(3)))", "3"), ("f() = 4; f() + 1", "(add 4 1)"), ("f(a, b) = a - b; f(b=1, a=2)", "(sub 2 1)"),
    ("f(e) = e + 1; f(x) + e", "(add (add x 1) E)"), ("d = 3; d = d + 1; d", "(add 3 1)"), ("c = a*b", "(mul a b)"),
    ("u*v, u+v", "(mul u v) , (add u v)"), ("(u, v)", "u , v"), ("u, v;", "u , v"),
    # calls
    ("log(x, b)", "(log_base x b)"), ("clamp(x, min=0)", "(clamp x 0 INF)"), ("clamp(x, max=1, min=0)", "(clamp x 0 1)"),
    ("clip(x, a_min=0, a_max=1)", "(clamp x 0 1)"), ("clamp(x, max=1)", "(clamp x (neg INF) 1)"), ("max(a, b, c)", "(max a b c)"),
    ("arcsin(x)", "(asin x)"), ("ln(x)", "(log x)"), ("np.sin(x)", "(sin x)"), ("torch.nn.functional.relu(x)", "(relu x)"),
    ("math.pi", "PI"), ("np", "np"), ("F = 3; F + 1", "(add 3 1)"), ("F.relu(x)", "(relu x)"),
    ("leaky_relu(x)", "(leaky_relu x 0.01)"), ("x.sin()", "(sin x)"), ("x.clamp(min=0).exp()", "(exp (clamp x 0 INF))"),
    ("(x + 1).pow(2)", "(pow (add x 1) 2)"), ("x.where(c, y)", "(where c x y)"), ("2x.sin()", "(mul 2 (sin x))"),
    ("-x.sin()", "(neg (sin x))"), ("sin (x)", "(sin x)"),
    ("n!", "(factorial n)"), ("2**n!**3", "(pow 2 (pow (factorial n) 3))"), ("-n!", "(neg (factorial n))"), ("2n!", "(mul 2 (factorial n))"),
    ("n!=m", "(ne n m)"), ("(n!)!*x[0]!", "(mul (factorial (factorial n)) (factorial (index x 0)))"), ("n! != m!", "(ne (factorial n) (factorial m))"),
    ("atan2(input=a, other=b)", "(atan2 a b)"), ("x.polygamma(1)", "(polygamma 1 x)"), ("np.power(x1=a, x2=b)", "(pow a b)"),
    ("clamp(x, None, 2)", "(clamp x (neg INF) 2)"), ("clip(x, a_min=None, a_max=3)", "(clamp x (neg INF) 3)"), ("None + 1", "(add None 1)"), ("[None, x]", "(array None x)"),
    ("f(x,\n y) = x*y; f(2, 3)", "(mul 2 3)"), ("sin(x) = np.sin(x)*2; sin(3)", "(mul (sin 3) 2)"),
    # arrays are part of the language
    ("[1, 2, x]", "(array 1 2 x)"), ("[[1, 2], [3, 4]]", "(array (array 1 2) (array 3 4))"), ("x[0]", "(index x 0)"),
    ("x[1:2, ::3]", "(index x (slice 1 2 <nothing>) (slice <nothing> <nothing> 3))"), ("x[..., -1]", "(index x <ellipsis> (neg 1))"),
    ("A @ x.T", "(matmul A (transpose x))"), ("x[a if c else b]", "(index x (where c a b))"), ("x[0]²", "(pow (index x 0) 2)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_spelling(text, expected):
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("b*a + b", ("b", "a")),
        ("x = x + y; z*x", ("x", "y", "z")),
        ("f(x) = a*x; f(b)", ("a", "b")),
        ("pi*r^2 + e", ("r",)),
        ("c = 2; c*x", ("x",)),
        ("x - x", ("x",)),
        ("µ*2 + μ", ("μ",)),
        ("0*unused; y", ("unused", "y")),
    ],
)
def test_variables_in_order_of_first_appearance(text, names):
    assert parse(text).variables == names


def test_a_caller_who_binds_a_constant_makes_it_a_variable():
    assert parse("x + e*pi", bound={"e"}).variables == ("x", "e")


def test_a_constant_of_a_library_stays_one():
    assert parse("math.e + e", bound={"e"}).variables == ("e",)
    assert parse("math.e").constants == ()


def test_definitions_count_where_they_are_called():
    assert parse("f(x) = x*x*x; f(a)", max_operations=2).variables == ("a",)


def test_a_bound_prefix_is_a_variable():
    assert parse("F.relu()", bound={"F"}).variables == ("F",)


@pytest.mark.parametrize(
    ("literal", "decimal"),
    [("0.1", (1, -1)), ("0.5", None), ("1e22", None), ("1e23", (1, 23)), ("0.10", (1, -1)), ("2.50", None), ("1e999", (1, 999)),
     ("9007199254740993", (9007199254740993, 0)), ("1_0.1", (101, -1)), ("0.000", None)],
)  # fmt: skip
def test_a_literal_keeps_its_decimal_where_the_float_differs(literal, decimal):
    node = next(n for n in parse(literal).nodes if n[0] is NUMBER)
    assert node == (NUMBER, float(literal), decimal)


@pytest.mark.parametrize(
    ("text", "piece", "name"),
    [("1 + abs(x)*2", "abs(x)", "abs"), ("(a + b)*c", "(a + b)*c", "mul"), ("y + -(x)", "-(x)", "neg"),
     ("x.sin() + 1", "x.sin()", "sin"), ("a < b < c", "a < b < c", "logical_and"), ("µ·x²", "x²", "pow"),
     ("f(x) = x*x; f(3)", "x*x", "mul"), ("x = 1;  2x+(3)", "2x+(3)", "add")],
)  # fmt: skip
def test_each_node_knows_its_piece_of_the_text(text, piece, name):
    program = parse(text)
    assert piece in {program.source(i) for i, node in enumerate(program.nodes) if node[0].name == name}


@pytest.mark.parametrize(
    ("text", "note"),
    [("(1/2\n (x))", ("1/2(...) is read as (1/2)*(...)", 1, 7)), ("1/2x", ("1/2x is read as (1/2)*x", 0, 4)), ("y + a/2(b)", ("a/2(...) is read as (a/2)*(...)", 4, 8)),
     ("1/2sin(x)", ("1/2sin(...) is read as (1/2)*sin(...)", 0, 6)), ("1/-2x", ("1/-2x is read as (1/-2)*x", 0, 5)),
     ("e^2x", ("e^2x is read as (e^2)*x", 0, 4)), ("x^2y", ("x^2y is read as (x^2)*y", 0, 4)),
     ("2xⁿ", ("xⁿ is the name xn, no power: that is **n", 1, 3)), ("x; 2", ("the value of this statement is not used", 0, 1)), ("a\n+b", ("the value of this statement is not used", 0, 1))],
)  # fmt: skip
def test_readings_that_may_surprise_are_noted(text, note):
    assert parse(text).notes == [note]


def test_too_many_operations_are_found_before_expanding():
    doubling = "f0(x) = x + x;" + "".join(f"f{i + 1}(x) = f{i}(x) + f{i}(x);" for i in range(60)) + "f60(x)"
    with pytest.raises(ExpressionError, match="more than 2,000,000 operations"):
        parse(doubling)


@pytest.mark.parametrize(
    ("text", "message"),
    [("(" * 2_000_000, "more than 1,000,000 brackets are open"), ("-" * 2_100_000, "more than 2,000,000 operations"),
     ("x^" * 2_100_000, "more than 2,000,000 operations"), ("1" * 4_001, "more than 4,000 digits"),
     ("x" + "²" * 4_001, "more than 4,000 digits")],
    ids=["brackets", "signs", "powers", "digits", "superscript"],
)  # fmt: skip
def test_limits(text, message):
    with pytest.raises(ExpressionError, match=message):
        parse(text)


def test_a_number_may_have_4000_digits():
    assert parse("1" * 4_000).nodes[0][1] == math.inf


def test_the_limit_can_be_set():
    assert parse("x + x + x", max_operations=2).variables == ("x",)
    with pytest.raises(ExpressionError, match="more than 1 operations"):
        parse("x + x + x", max_operations=1)


@pytest.mark.parametrize(
    "opening", ["(", "sin(", "-", "[", "x[", "not ", "2^", "f(x)=", "1 if x else ", "a+b*", "x if "]
)
def test_depth_is_nothing_special(opening):
    closing = {"(": ")", "sin(": ")", "[": "]", "x[": "]"}.get(opening, "")
    text = opening * 100_000 + "1" + closing * 100_000
    if opening in ("f(x)=", "x if "):
        with pytest.raises(ExpressionError):
            parse(text)
    else:
        assert parse(text).results


def test_a_slice_stands_where_it_was_written():
    text = "x[1:, ::2, (a):b:-1, 3]"
    program = parse(text)
    slices = [i for i, node in enumerate(program.nodes) if node[0].name == "slice"]
    assert [text[slice(*program.span(i))] for i in slices] == ["1:", "::2", "(a):b:-1"]
