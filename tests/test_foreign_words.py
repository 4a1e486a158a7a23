"""What people of other tools type: it is refused, and the cure means what was meant."""

from __future__ import annotations

import json
import math
import re

import pytest
from cli import gradcli

from gradcli.errors import ExpressionError
from gradcli.language import cures
from gradcli.language.advice import OTHERWISE, SENTENCES
from gradcli.language.foreign import FORMULAS
from gradcli.language.parser import mind_names, parse

X, Y = 0.3, 2.5
AT = ("--at", f"x={X},y={Y}")


def at_of(text: str) -> list[str]:
    """The point, of those of x and y that a text may mean."""
    names = [
        f"{name}={number}" for name, number in (("x", X), ("y", Y)) if re.search(f"(?<![a-zA-Z]){name}|{name}$", text)
    ]
    return ["--at", ",".join(names)] if names else []


# The normal distribution function at 0.3 is from mpmath: 0.5*erfc(-0.3/sqrt(2)).
MEANT = [
    # powers, brackets and blanks of functions
    ("log^2(y)", math.log(Y) ** 2), ("sin² (x)", math.sin(X) ** 2), ("sin²x", math.sin(X) ** 2),
    ("cos^-1(x)", math.acos(X)), ("sin⁻¹(x)", math.asin(X)), ("tan^(-1)(x)", math.atan(X)), ("tanh^-1 x", math.atanh(X)),
    ("sin^2 x + cos^2 x", 1.0), ("sin 2x", math.sin(2 * X)), ("2 sin x cos x", 2 * math.sin(X) * math.cos(X)),
    ("sin x^2", math.sin(X**2)), ("ln y", math.log(Y)), ("exp^2x", math.exp(2 * X)), ("exp^(-x)", math.exp(-X)),
    ("log_2(y)", math.log2(Y)), ("log_10 y", math.log10(Y)), ("ln|x|", math.log(X)), ("|x - y|", Y - X),
    ("|x|*|y|", X * Y), ("√x", math.sqrt(X)), ("2√(x + 1)", 2 * math.sqrt(X + 1)), ("∛y", math.cbrt(Y)),
    ("⌊y⌋ + ⌈y⌉", 5.0), ("‖[3, 4]‖", 5.0), ("square root of y", math.sqrt(Y)), ("tg x + ctg x", math.tan(X) + 1 / math.tan(X)),
    ("arctg(x)", math.atan(X)), ("sh(x)", math.sinh(X)), ("lg(y)", math.log10(Y)), ("max(x; y)", Y),
    # words and signs between operands
    ("5 mod 3", 2.0), ("-7 mod 3", 2.0), ("(x + 5) mod 3", (X + 5) % 3), ("7 div 2", 3.0), ("7 // 2", 3.0), ("7 %/% 2", 3.0),
    ("7 %% 4", 3.0), ("[1, 2] %*% [3, 4]", 11.0), ("x plus y", X + Y), ("x minus y", X - Y), ("x times y", X * Y),
    ("x divided by y", X / Y), ("x over y", X / Y), ("x squared", X**2), ("y cubed", Y**3), ("y to the power of x", Y**X),
    ("x.^2", X**2), ("x.*y", X * Y), ("x./y", X / Y), ("x AND y", 1.0), ("x>0 && y>0", 1.0), ("x>1 || y>1", 1.0), ("!x", 0.0),
    ("~x", 0.0), ("x .gt. y", 0.0), ("x <> y", 1.0), ("x ~= y", 1.0), ("x =< y", 1.0), ("x === y", 0.0), ("x ≦ y", 1.0),
    ("x xor y", 1.0), ("x–y", X - Y), ("x＋y", X + Y), ("（x）", X), ("２x", 2 * X), ("x ∧ y", 1.0),
    ("2sin(x)cos(x)", 2 * math.sin(X) * math.cos(X)), ("(x+1)(y-1)", (X + 1) * (Y - 1)), ("x sin(x)", X * math.sin(X)), ("x>=1 ? 1 : -1", -1.0),
    # numbers
    ("1 000 000", 1e6), ("1'000'000", 1e6), ("1.234.567", 1234567.0), ("Γ(y)", math.gamma(Y)), ("max{x,y}", Y), ("C(5,2)", 10.0),
    ("½", 0.5), ("½x", X / 2), ("3½", 3.5), ("x^½", math.sqrt(X)), ("¾ + ⅓", 0.75 + 1 / 3), ("1,000,000", 1e6), ("1,234*x", 1234 * X),
    ("max(1,000, x)", 1e3), ("25%", 0.25), ("25% * y", 0.25 * Y), ("20% of y", 0.2 * Y), ("5 percent", 0.05), ("30°", math.pi / 6),
    ("sin(30°)", 0.5), ("sin(30 deg)", 0.5), ("2πx", 2 * math.pi * X), ("xy", X * Y),
    ("1/∞", 0.0), ("sum(1, 2, 3)", 6.0), ("mean(1,2)", 1.5),
    ("3!x", 6 * X), ("log10y", math.log10(Y)), ("x is 1", 0.0), ("y is not 1", 1.0), ("np.isnan(x)", 0.0), ("F.relu6(3*y)", 6.0),
    ("math.hypot(x, y, 2)", math.sqrt(X**2 + Y**2 + 4)), ("math.dist([x, 1], [y, 1])", Y - X), ("lerp(x, y, 0.25)", 0.75 * X + 0.25 * Y),
    ("[[x, y]].T().sum()", X + Y), ("[x, y].size", 2.0), ("len([x, y])", 2.0), ("math.fsum([x, y])", X + Y),
    ("F.softplus(x, beta=2)", math.log1p(math.exp(2 * X)) / 2), ("F.hardtanh(y)", 1.0),
    ("F.softplus(x, 2)", math.log1p(math.exp(2 * X)) / 2), ("F.celu(-x, 2)", 2 * math.expm1(-X / 2)), ("F.celu(-x)", math.expm1(-X)),
    ("F.mish(x)", X * math.tanh(math.log1p(math.exp(X)))), ("F.hardswish(x)", X * (X + 3) / 6), ("F.hardsigmoid(x)", (X + 3) / 6),
    ("F.tanhshrink(x)", X - math.tanh(X)), ("F.hardtanh(y, -2, 2)", 2.0), ("arctan(y, x)", math.atan2(Y, X)),
    ("sum([1 2 3])", 6.0), ("sum({1, 2, 3})", 6.0), ("sum([1, 2; 3, 4])", 10.0),
    # Python and its libraries, JavaScript, C
    ("tf.exp(x)", math.exp(X)), ("tf.math.log(y)", math.log(Y)), ("Math.pow(x, 2)", X**2), ("Math.max(x, y)", Y), ("Math.PI*x", math.pi * X),
    ("np.float64(x)", X), ("tf.constant(2.0)*x", 2 * X), ("lambda x, y: x*y", X * Y),
    ("mpmath.sin(x)", math.sin(X)), ("sp.Abs(x)", X), ("sympy.exp(sympy.sin(x))", math.exp(math.sin(X))), ("jax.nn.relu(x)", X),
    ("torch.nn.relu(x)", X), ("keras.activations.sigmoid(x)", 1 / (1 + math.exp(-X))), ("std::sin(x)", math.sin(X)),
    ("scipy.stats.norm.cdf(x)", 0.6179114221889526), ("lambda x: x**2", X**2), ("return x*y", X * Y), ("x > y ? x : y", Y),
    ("def f(x): return x**2", X**2), ("(x += 1)", None), ("print(x)", X), ("powf(x, 2)", X**2), ("float(x)", X), ("'x + y'", X + Y),
    # sympy and Mathematica
    ("Piecewise((x, x > 0), (0, True))", X), ("Rational(1, 4)*x", X / 4), ("Abs(x) + Max(x, y)", X + Y), ("Integer(2)*x", 2 * X),
    ("Sin[x]", math.sin(X)), ("Exp[-x] Cos[y]", math.exp(-X) * math.cos(Y)), ("ArcTan[x, y]", math.atan2(Y, X)), ("Log[2, y]", math.log2(Y)),
    ("If[x > y, x, y]", Y), ("Power[x, 2]", X**2), ("E^x", None), ("f[x_] := x^2", X**2), ("Sqrt[x^2 + y^2]", math.hypot(X, Y)),
    # MATLAB, R, Maxima, Excel, calculators
    ("@(x) x.^2", X**2), ("acosd(0.5)", 60.0), ("rem(-7, 3)", -1.0), ("exp(x).*sin(y)", math.exp(X) * math.sin(Y)),
    ("ifelse(x > y, x, y)", Y), ("function(x) x^2", X**2), ("mean(c(1, 2, 6))", 3.0), ("choose(5, 2)", 10.0),
    ("%pi*x", math.pi * X), ("%e^x", math.exp(X)), ("f(t) := t^2; f(x)", X**2), ("a: 3; a*x", 3 * X), ("a <- 3; a*x", 3 * X),
    ("IF(x>0, x, 0)", X), ("if(x>0, x, 0)", X), ("=x^2", X**2), ("POWER(x, 2)", X**2), ("SQRT(x)", math.sqrt(X)), ("PI()*x", math.pi * X),
    ("AVERAGE(1, 2, 6)", 3.0), ("IF(x>y; x; y)", Y), ("QUOTIENT(-7, 2)", -3.0), ("LN(y)", math.log(Y)), ("nCr(5, 2)", 10.0), ("if x > y then x else y", Y),
    # LaTeX
    (r"\frac{x}{y}", X / Y), (r"\dfrac{x + 1}{2y}", (X + 1) / (2 * Y)), (r"\sin(x)", math.sin(X)), (r"\sin x", math.sin(X)), (r"\sin^2 x", math.sin(X) ** 2),
    (r"\sin^{-1}(x)", math.asin(X)), (r"\sqrt{x^2 + y^2}", math.hypot(X, Y)), (r"\sqrt[3]{y}", math.cbrt(Y)), (r"x^{2}", X**2), (r"e^{-x}", math.exp(-X)),
    (r"x \cdot y", X * Y), (r"x \times y", X * Y), (r"\left(x + 1\right)^2", (X + 1) ** 2), (r"2\pi x", 2 * math.pi * X), (r"\ln{y}", math.log(Y)),
    (r"$x^2$", X**2), (r"\left|x - y\right|", Y - X), (r"\frac{1}{\sqrt{2\pi}} e^{-\frac{1}{2}x^2}", math.exp(-X * X / 2) / math.sqrt(2 * math.pi)),
    (r"\frac12 x", X / 2), (r"x\,y", X * Y), (r"\exp\left\{-x\right\}", math.exp(-X)),
    (r"\frac{\sin x}{\cos x}", math.tan(X)), (r"\log_{2}(y)", math.log2(Y)), (r"x \leq y", 1.0), (r"\exp(x)", math.exp(X)), (r"\binom{5}{2}", 10.0),
    (r"\frac xy", X / Y), (r"\vec{x}", X),
    # decimal commas and signs that only look like ours
    ("1,5*x", 1.5 * X), ("3,14*x", 3.14 * X), ("1,5", 1.5), ("1.234,5*x", 1234.5 * X), ("0,125*x", X / 8), ("5 EE 3", 5e3), ("1.0d0*x", X),
    ("2.0f*x", 2 * X), ("5 ‰", 0.005), ("x ≡ y", 0.0), ("x ⊻ y", 1.0), ("x ➕ y", X + Y), ("x ⋆ y", X * Y), ("“x + y”", X + Y), ("x ↦ x^2", X**2),
    ("³√y", math.cbrt(Y)), ("y√x", Y * math.sqrt(X)), (".true.", 1.0), ("True + x", 1 + X), ("x(x+1)(x+2)", X * (X + 1) * (X + 2)),
    ("x^2 // 2", 0.0), ("x*y // 2", 0.0), ("sinx", math.sin(X)), ("sin2x", math.sin(2 * X)), ("lny", math.log(Y)),
    # pipes, and what comes behind a formula
    ("x^2 |> sqrt", X), ("x |> sin()", math.sin(X)), ("x^2 // Sqrt", X), ("Sqrt[y] // N", math.sqrt(Y)), ("Sin@x", math.sin(X)), ("@. sin(x)", math.sin(X)),
    ("sin(x).evalf()", math.sin(X)), ("N(pi*x)", math.pi * X), ("x::Float64", X), ("x .+ y", X + Y), ("Re(x)", X), ("(double)x", X), ("(int)y", 2.0),
    # more of sympy, Mathematica, Excel, Fortran and calculators
    ("S(1)/3*x", X / 3), ("And(x > 0, y > 0)", 1.0), ("Or(x > 1, y > 1)", 1.0), ("sum(Matrix([1, 2]))", 3.0), ("Symbol('x')", X), ("CubeRoot[y]", math.cbrt(Y)),
    ("Boole[x > 0]", 1.0), (r"\[Pi] x", math.pi * X), ("ROUND(y, 0)", 3.0), ("SUMSQ(x, y)", X * X + Y * Y), ("AND(x > 0; y > 0)", 1.0), ("WENN(x > y; x; y)", Y),
    ("dexp(x)", math.exp(X)), ("nint(y)", 3.0), ("cube(x)", X**3), ("nPr(5, 2)", 20.0), ("5 nCr 2", 10.0), ("5 choose 2", 10.0), ("Math.toRadians(x)", math.radians(X)),
    ("if (x > y) { x } else { y }", Y), ("if (x > y) x else y", Y), ("atan2 y x", math.atan2(Y, X)), ("max x, y", Y),
    # as it is spoken
    ("half of x", X / 2), ("1/2 of x", X / 2), ("twice x", 2 * X), ("the square of x", X * X), ("sum of x and y", X + Y), ("the product of x and y", X * Y),
    ("x raised to the power 3", X**3), ("x to the 3rd power", X**3), ("log base 2 of y", math.log2(Y)), ("ln of y", math.log(Y)), ("4th root of y", Y**0.25),
    ("x is greater than y", 0.0), ("x equals y", 0.0), ("negative x", -X), ("x multiplied by y", X * Y),
    # a second look into the manuals of Excel, MATLAB, Mathematica, LaTeX, sympy and TI
    ("SUMPRODUCT([1, 2], [x, y])", X + 2 * Y), ("SQRTPI(x)", math.sqrt(math.pi * X)), ("NORM.S.DIST(x, TRUE)", 0.6179114221889526),
    ("NORM.S.DIST(x, FALSE)", math.exp(-X * X / 2) / math.sqrt(2 * math.pi)), ("ERF.PRECISE(x)", math.erf(X)),
    ("GAMMALN.PRECISE(y)", math.lgamma(Y)), ("CEILING(y, 2)", 4.0), ("FLOOR(y, 2)", 2.0), ("CEILING.MATH(y)", 3.0), ("ROUNDDOWN(y, 0)", 2.0),
    ("IFS(x > 1, 1, TRUE, 2)", 2.0), ("Which[x > 1, 1, True, 2]", 2.0), ("XOR(x > 0, y > 0)", 0.0), ("realsqrt(x)", math.sqrt(X)),
    ("mtimes(x, y)", X * Y), ("minus(x, y)", X - Y), (r"x.\y", Y / X), ("Minus[x]", -X), ("Ramp[x]", X), ("Clip[y, {0, 1}]", 1.0),
    ("LogisticSigmoid[x]", 1 / (1 + math.exp(-X))), ("1.5*^3", 1500.0), (r"\max\{x, y\}", Y), (r"\displaystyle x^2", X**2),
    (r"\left\lfloor y\right\rfloor", 2.0), (r"\sqrt2", math.sqrt(2)), (r"x^\frac{1}{2}", math.sqrt(X)), (r"y^\frac13", math.cbrt(Y)),
    ("sympy.S.Half*x", X / 2), ("S.Pi", math.pi), ("iPart(y)", 2.0), ("fPart(y)", 0.5), ("logBASE(y, 2)", math.log2(Y)),
    ("normalpdf(x)", math.exp(-X * X / 2) / math.sqrt(2 * math.pi)), ("normalcdf(0, x)", 0.1179114221889526),
    # what stands beside a call or a share binds closer than the formula that it is
    ("2*plus(x, y)", 2 * (X + Y)), ("1/times(x, y)", 1 / (X * Y)), ("y - plus(x, 1)", Y - X - 1), ("x**Rational(1, 3)", math.cbrt(X)),
    ("100/25%", 400.0), ("2^50%", math.sqrt(2)), ("x%", X / 100), ("(x + y)%", (X + Y) / 100), ("2x%", 2 * X / 100), ("x%*y", X * Y / 100),
    (r"\frac{x}{y}^2", (X / Y) ** 2), ("1/nPr(5, 2)", 1 / 20), ("x/twice y", X / (2 * Y)), ("half of x^2", X * X / 2), ("y - XOR(x > 0, y < 0)", Y - 1),
    ("1/½", 2.0), ("2⅓", 7 / 3), ("⅛x", X / 8), ("round(x + y, 1)", 2.8), ("NORM.DIST(x, y - 1, 2, TRUE)", 0.27425311775007355),
    # MATLAB
    (r"x\y", Y / X), (r"2*x\y", Y / (2 * X)), (r"(x + y)\2", 2 / (X + Y)), (r"sum([[2, 1], [1, 3]]\[1, 2])", 0.8), ("mldivide(x, y)", Y / X), ("isequal(x, y)", 0.0),
    ("numel([x y])", 2.0), ("and(x, y)", 1.0), ("f = @(t) t^2; f(y)", Y**2), ("nnz([x, 0])", 1.0),
    # powers of ten, roots
    ("1.5x10^3", 1500.0), ("1.5 x 10^-3*x", 1.5e-3 * X), ("1.5x10³", 1500.0), ("2ᴇ3", 2000.0), ("2ᴇ−3", 2e-3), ("3ˣ√y", math.cbrt(Y)), ("ˣ√y", Y ** (1 / X)),
    ("⁵√y", Y**0.2), ("5 x 3", 15.0), ("5C2", 10.0), ("5P2", 20.0), ("⁻5+x", X - 5),
    # Mathematica
    ("If[x > 1, x]", math.nan), ("If[x > 0, x]", X), ("Sinc[x]", math.sin(X) / X), ("sympy.sinc(x)", math.sin(X) / X), ("Pi x", math.pi * X),
    ("Sin[30 Degree]", 0.5), ("{x, y}.{1, 2}", X + 2 * Y), ("Xor[x > 0, y > 0]", 0.0), ("Not[x > y]", 1.0), ("Ceiling[y]", 3.0), ("FractionalPart[y]", 0.5),
    ("Quotient[-7, 2]", -4.0), ("KroneckerDelta[x, y]", 0.0), ("1.5`*x", 1.5 * X), ("Which[x > 1, 1, x > 0, 2, True, 3]", 2.0),
    ("Piecewise[{{x, x < 1}, {y, x >= 1}}]", X), ("Piecewise[{{1, x > y}, {2, x > 1}}, 3]", 3.0), ("PolyGamma[y]", 0.7031566406452432),
    ("Piecewise((1, x > y), (2, x > 0), (3, True))", 2.0), ("Piecewise((1, x > y))", math.nan), ("sp.Symbol('x')**2", X**2), ("rf(x, 2)", X * (X + 1)),
    ("ff(y, 2)", Y * (Y - 1)), ("uppergamma(2, y)", 3.5 * math.exp(-2.5)),
    # Excel and R; `BESSELJ` and `besselJ` take the order behind; DLMF 10.74 has J_0(0.3) = 0.9776262465382961
    ("IF(x > 1, x)", 0.0), ("if(x>0; x)", X), ("=-x^2", X**2), ("STDEV.P([x, y])", (Y - X) / 2), ("VAR.S([x, y])", (Y - X) ** 2 / 2), ("BESSELJ(x, 0)", 0.9776262465382961),
    ("PHI(x)", math.exp(-X * X / 2) / math.sqrt(2 * math.pi)), ("GAUSS(x)", 0.1179114221889526), ("FISHER(x)", math.atanh(X)), ("MEDIAN(x, y, 1)", 1.0),
    ("SUM(x; y; 1)", X + Y + 1), ("AVERAGE(x; y)", (X + Y) / 2), ("ROUNDUP(-1.2, 0)", -2.0), ("MROUND(y, 2)", 2.0), ("ROUND(-x, 0)", 0.0),
    ("IFS(x > 1, 1, x > 0, 2, TRUE, 3)", 2.0), ("ATAN2(x; y)", math.atan2(Y, X)), ("NORM.DIST(x, 1, 2, FALSE)", math.exp(-0.06125) / math.sqrt(8 * math.pi)),
    ("pnorm(x)", 0.6179114221889526), ("besselJ(x, 0)", 0.9776262465382961), ("pmax(x, y)", Y), ("plogis(x)", 1 / (1 + math.exp(-X))), ("lfactorial(5)", math.log(120)),
    ("is.na(x)", 0.0), ("5L*x", 5 * X), (r"\(x) x^2", X**2),
    # Julia, Maxima
    ("fld(-7, 2)", -4.0), ("cld(7, 2)", 4.0), ("muladd(x, y, 1)", X * Y + 1), ("abs2(x)", X * X), ("floor(Int, y)", 2.0), ("copysign(x, -1)", -X), ("1f0*x", X),
    ("begin x^2 end", X * X), ("x^2$", X * X), ("lambert_w(x)", 0.23675531078855930), ("%gamma*x", 0.5772156649015329 * X), ("if x > 1 then x", math.nan),
    # as it is spoken
    ("absolute value of x", X), ("sine of x", math.sin(X)), ("natural log of y", math.log(Y)), ("5 factorial", 120.0), ("minus x", -X), ("maximum of x and y", Y),
    ("average of x and y", (X + Y) / 2), ("square root x", math.sqrt(X)), ("one half", 0.5), ("x to the fourth", X**4), ("x to the power of -1", 1 / X),
    # LaTeX
    (r"2\sin(x)\cos(x)", math.sin(2 * X)), (r"\sqrt{x}\sqrt{y}", math.sqrt(X * Y)), (r"\sin^{2}{x}", math.sin(X) ** 2), (r"\tfrac12 x", X / 2),
    (r"{x+y \over 2}", (X + Y) / 2), (r"25\%", 0.25), (r"\dbinom{5}{2}", 10.0), ("x ≔ 2; x*y", 2 * Y),
    # a third look: mpmath's values where Python's math has no function
    ("Erf[x, y]", math.erf(Y) - math.erf(X)), ("ERF(x, y)", math.erf(Y) - math.erf(X)), ("erf2(x, y)", math.erf(Y) - math.erf(X)), ("ERFC.PRECISE(x)", math.erfc(X)),
    ("factorial2(5)", 15.0), ("FACTDOUBLE(6)", 48.0), ("Factorial2[7]", 105.0), ("cross([1, 2, 0], [3, y, 0])[2]", Y - 6),
    ("np.cross([1, 0, 0], [0, x, y])[1]", -Y), ("IFERROR(x/y, 0)", X / Y), ("IFERROR(1/0; x)", X), ("IFERROR(log(-1), y)", Y), ("polyval([1, 2, 3], x)", X**2 + 2 * X + 3),
    ("np.polyval([x, 0, -1, y], 2)", 8 * X - 2 + Y), ("trapz([x, y, 1])", X / 2 + Y + 0.5), ("np.trapezoid([x, y])", (X + Y) / 2), ("rms([x, y])", math.sqrt((X * X + Y * Y) / 2)),
    ("GEOMEAN([x, y])", math.sqrt(X * Y)), ("HarmonicMean[{x, y}]", 2 / (1 / X + 1 / Y)), ("AVEDEV([x, y])", (Y - X) / 2), ("DEVSQ([x, y])", (Y - X) ** 2 / 2),
    ("np.ptp([x, y, 1])", Y - X), ("PERCENTILE([x, y], 0.25)", X + (Y - X) / 4), ("np.percentile([x, y], 25)", X + (Y - X) / 4), ("sumsq([x, y])", X * X + Y * Y),
    ("SUMXMY2([x, 1], [y, 3])", (X - Y) ** 2 + 4), ("SUMX2MY2([x, 1], [y, 3])", X * X - Y * Y - 8), ("SUMX2PY2([x, 1], [y, 3])", X * X + Y * Y + 10),
    ("MMULT([[1, 2]], [x, y])[0]", X + 2 * Y), ("sum([1, 2] %o% [x, y])", 3 * (X + Y)), ("rowSums([[1, 2], [x, y]])[1]", X + Y), ("colSums([[1, 2], [x, y]])[1]", 2 + Y),
    ("rowMeans([[1, 2], [x, y]])[1]", (X + Y) / 2), ("colMeans([[1, 2], [x, y]])[1]", 1 + Y / 2), ("secd(60)", 2.0), ("cscd(30)", 2.0), ("cotd(45)", 1.0),
    ("haversine(x)", (1 - math.cos(X)) / 2), ("versin(x)", 1 - math.cos(X)), ("cosm1(x)", math.cos(X) - 1), ("gd(x)", math.atan(math.sinh(X))), ("psi(1, y)", 0.4903577561002348),
    ("harmonic(4)", 25 / 12), ("CatalanNumber[5]", 42.0), ("E1(x)", 0.9056766516758467), ("rgamma(y)", 1 / math.gamma(Y)), ("entr(x)", -X * math.log(X)), ("xlogx(x)", X * math.log(X)),
    ("rel_entr(x, y)", X * math.log(X / Y)), ("kl_div(x, y)", X * math.log(X / Y) - X + Y), ("log1mexp(-x)", math.log(1 - math.exp(-X))), ("logexpm1(x)", math.log(math.expm1(X))),
    ("log1pexp(x)", math.log1p(math.exp(X))), ("pow10(x)", 10**X), ("ldexp(x, 3)", 8 * X), ("fdim(y, x)", Y - X), ("fdim(x, y)", 0.0), ("math.isfinite(x)", 1.0), ("isinf(x)", 0.0),
    ("np.isinf(1/0)", 1.0), ("Nand(x, 0)", 1.0), ("Nor(x, 0)", 0.0), ("Implies(x, 0)", 0.0), ("DELTA(x, y)", 0.0), ("DELTA(0)", 1.0), ("GESTEP(x)", 1.0), ("GESTEP(x, y)", 0.0),
    ("Subtract[x, y]", X - Y), ("saturate(y)", 1.0), ("F.prelu(-x, 0.5)", -X / 2), ("selu(-x)", 1.0507009873554805 * 1.6732632423543772 * math.expm1(-X)), ("F.l1_loss([x, y], [1, 1])", (0.7 + 1.5) / 2),
    ("F.cosine_similarity([x, y], [1, 0])", X / math.hypot(X, Y)), ("torch.addcmul(x, y, 2)", X + 2 * Y), ("NORM.INV(x, 1, 2)", 1 + 2 * -0.5244005127080407),
    ("qnorm(x, 1, 2)", 1 + 2 * -0.5244005127080407), ("NORMSINV(x)", -0.5244005127080407), ("STANDARDIZE(x, 1, 2)", (X - 1) / 2), ("EXPON.DIST(x, y, TRUE)", 1 - math.exp(-X * Y)),
    ("EXPON.DIST(x, y, FALSE)", Y * math.exp(-X * Y)), ("dpois(2, y)", Y**2 * math.exp(-Y) / 2), ("dbinom(2, 5, x)", 10 * X**2 * (1 - X) ** 3), ("NORMDIST(x, 1.5, 2, TRUE)", 0.27425311775007355),
    ("pnorm(x, mean=1.5, sd=2)", 0.27425311775007355), ("dnorm(x, mean=1, sd=2)", math.exp(-0.06125) / math.sqrt(8 * math.pi)), ("realpow(x, y)", X**Y), ("reallog(y)", math.log(Y)),
    ("mix(x, y, 0.25)", 0.75 * X + 0.25 * Y), ("MDETERM([[x, 1], [2, y]])", X * Y - 2), ("rev([x, y])[0]", Y), ("inversesqrt(y)", 1 / math.sqrt(Y)), ("fract(y)", 0.5),
    ("M_PI_2*x", math.pi / 2 * X), ("x/M_PI_2", 2 * X / math.pi), ("M_2_SQRTPI", 2 / math.sqrt(math.pi)), ("Math.SQRT2*x", math.sqrt(2) * X), ("M_LN10", math.log(10)), ("M_LOG2E", 1 / math.log(2)), ("M_E", math.e),
    ("np.Rational(1, 4)*x", X / 4), ("math.Rational(1, 4)", 0.25),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "value"), MEANT, ids=[typed for typed, _ in MEANT])
def test_what_is_typed_is_refused_and_the_cure_means_it(typed, value):
    result = gradcli("eval", typed, *at_of(typed), "--plain")
    assert (result.status, result.out) == (2, "")
    message, *place, cure = result.err.removesuffix("\n").split("\n")
    if value is None:
        return
    assert "^" in place[-1], result.err
    assert cure.startswith("write ")
    ours = cure.removeprefix("write ").removesuffix(" for a product")
    names = [f"{name}={number}" for name, number in (("x", X), ("y", Y)) if name in parse(ours).variables]
    answer = gradcli("eval", ours, "--plain", *(["--at", ",".join(names)] if names else []))
    assert answer.status == 0, (cure, answer.err)
    assert float(answer.out) == pytest.approx(value, rel=1e-14, abs=1e-15, nan_ok=True)
    assert message.startswith("gradcli: ")


HOLES = {
    "a": "x", "b": "y", "t": "x", "u": "x", "x": "x", "y": "y", "z": "z", "n": "2", "s": "²", "v": "u", "w": "w", "f": "Sin", "p": "x", "c": "u", "g": "w",
    "k": "M", "j": "y", "m": "3", "r": "2.5", "decimal": "1,5", "words": "just a note",
    "lib": "tf", "d": "1", "thousands": "1_000", "args": "x, y", "more": "z, w", "last": "u, v", "start": "", "end": "", "blank": " ",
}  # fmt: skip
# What stands in a place of its own.
EXAMPLES = {
    "<thousands>": ("1,000", "write 1_000"),
    "<decimal>": ("1,5", "write 1.5"),
    "[<args> <a> <b>": ("[1 2]", "write [1, 2]"),
    "<lib>.<v>(": ("tf.trigamma(x)", "write polygamma(1, x)"),
    "<lib>::<v>(": ("tf::trigamma(x)", "write polygamma(1, x)"),
    "Piecewise((<x>, <y>), <args>)": ("Piecewise((x, y), (1, True))", "write where(y, x, 1)"),
    "Piecewise[{{<x>, <y>}, <args>}]": ("Piecewise[{{x, y}, {y, x}}]", "write where(y, x, where(x, y, 0))"),
    "Piecewise[{{<x>, <y>}, <args>}, <z>]": ("Piecewise[{{x, y}, {y, x}}, z]", "write where(y, x, where(x, y, z))"),
    "{<args>}.{<more>}": ("{x, y}.{z, w}", "write sum([x, y]*[z, w])"),
    "IFS(<x>, <y>, <args>)": ("IFS(x, y, z, w)", "write where(x, y, where(z, w, nan))"),
    "IFS(<x>; <y>; <args>)": ("IFS(x; y; z, w)", "write where(x, y, where(z, w, nan))"),
    "polyval([<args>, <y>], <z>)": ("polyval([x, y, z], w)", "write (x*w + y)*w + z"),
    "np.polyval([<args>, <y>], <z>)": ("np.polyval([x, y, z], w)", "write (x*w + y)*w + z"),
    "Which[<x>, <y>, <args>]": ("Which[x, y, z, w]", "write where(x, y, where(z, w, nan))"),
}
ROWS = [(table, *row) for table in (FORMULAS, SENTENCES, OTHERWISE) for row in cures._rows(table)]


def cure_of(text: str) -> str:
    try:
        mind_names(parse(text), ["x", "y", "z", "w"])
    except ExpressionError as error:
        return error.cure
    return ""


@pytest.mark.parametrize(("table", "ours", "typed"), ROWS, ids=[typed for *_, typed in ROWS])
def test_every_row_is_reached(table, ours, typed):
    """Filled with names, alone or among operands, it gives its own cure: no other row hides it."""
    text = re.sub(r"<(\w+)>", lambda hole: HOLES[hole[1]], typed)
    cure = cures._filled(ours, {**HOLES, "f": "sin"})
    cases = [(c.format(text), c.format(cure), cure) for c in ("{}", "x {} y", "x {}", "{} y", "(x{}")]
    if typed in EXAMPLES:
        cases = [(EXAMPLES[typed][0], "", EXAMPLES[typed][1].removeprefix("write "))]
    said = []
    for case, whole, piece in cases:
        said.append((cure_of(case), whole, piece))
    start = "write " if table is FORMULAS else ""
    assert any(found in (start + whole, start + piece) for found, whole, piece in said), said


NO_FORMULA = [
    ("d/dx x^2", "write x^2 alone: gradcli grad gives its d/dx"), ("d/dx(x^2)", "write (x^2) alone: gradcli grad gives its d/dx"),
    ("D[x^2, x]", "write x^2 alone: gradcli grad gives its d/dx"),
    ("derivative(x)", "write x alone: gradcli grad gives all its derivatives"),
    (r"\frac{d}{dx} x^2", "write x^2 alone: gradcli grad gives its d/dx"), ("x'", "gradcli differentiates by itself: write x, and read d/dx"),
    ("x^2 where x=2", "give the point by --at: --at x=2"), ("f'(x)", "write f(x): gradcli grad gives its derivatives"),
    ("d(x^2)/dx", "write x^2 alone: gradcli grad gives its d/dx"), (r"\int_0^1 x dx", "gradcli differentiates, and has no integrals"),
    ("integrate x^2", "gradcli differentiates, and has no integrals"), (r"\sum_{i=1}^n i", "write the terms out, or sum an array: sum([1, 4, 9])"),
    ("x''", "write x: gradcli hess gives its second derivatives"), ("f''(x)", "write f(x): gradcli hess gives its second derivatives"),
    ("np.arange(3)", "write an array out: [1, 2, 3]; many points are --sweep x=1:3:3"), ("torch.ones(3)", "write an array out: [1, 2, 3], [[1, 0], [0, 1]]"),
    ("sum([i for i in x])", "there are no loops: write the terms, or give an array"), ("lim x->0 x", "there are no limits: give a point near by --at"),
    ("F.gelu(x, approximate='tanh')", "gelu is the exact one here: write gelu(x)"), ("a, b = x, 2; a + b", "assign one name a statement: a = ...; b = ..."),
    ("if x > 0: x", "write a if c else b"), ("x in [0, 1]", "a formula has no domain: give a point by --at, or many by --sweep x=0:1:11"),
    ("x =", "write a number, a name or a formula after it"), ("x ==", "write a number, a name or a formula after it"),
    ("integrate(x)", "gradcli differentiates, and has no integrals"), (r"\int x dx", "gradcli differentiates, and has no integrals"),
    ("hyp2f1(x)", "gradcli functions lists them all"), ("kron(x)", "gradcli functions lists them all"),
    ("struve(0, x)", "gradcli functions lists them all"), ("erff(x)", "did you mean erf?"),
    ("x^2 = 4", "write == to compare, or begin a statement with a name: c = a*b"),
    ("import numpy as np; np.sin(x)", "nothing needs an import: np.sin(x), math.sin(x) and sin(x) all work"),
    ("2 ± 0.1", "an uncertainty has no place in a formula: give it to gradcli propagate by --at"), ("rand()", "nothing is random here: give the number by --at"),
    ("x^2 // my comment", "a comment begins with #: # my comment"), ("x^2 -- comment", "a comment begins with #: # comment"),
    ("x^2 % as in MATLAB", "a comment begins with #: # as in MATLAB"), ("x^2 /* comment */ + 1", "a comment begins with #, and ends with its line"),
    ("x ≈ y", "to compare but for rounding, write abs(a - b) < 1e-9"), ("x → 0", "give the point by --at: --at x=0"),
    ("x ∈ [0, 1]", "a formula has no domain: give a point by --at, or many by --sweep x=0:1:11"), ("x^2 ⇒ 4", "one formula is computed, nothing is concluded"),
    ("x + … + y", "write the terms out, or sum an array: sum([1, 4, 9])"), ("(x**2).subs(x, 2)", "give the point by --at: --at x=2"),
    ("x /. x -> 2", "give the point by --at: --at x=2"), ("x′", "gradcli differentiates by itself: write x, and read d/dx"),
    ("sum(1:10)", "write an array out: [1, 2, 3]; many points are --sweep x=1:3:3"), (r"\begin{cases} x \end{cases}", "write a if c else b"),
    ("LOG(y)", "write log10(y) for LOG of Excel and of calculators, log(y) for that of Fortran"),
    ("ATAN2(x, y)", "write atan2(y, x) for ATAN2 of Excel, where x comes first; atan2(x, y) for that of Fortran"),
    ("nDeriv(x^2, x, 3)", "write x^2 alone: gradcli grad gives its d/dx"), ("fnInt(x^2, x, 0, 1)", "gradcli differentiates, and has no integrals"),
    ("randInt(1, 6)", "nothing is random here: give the number by --at"),
    ("erfi(x)", "erfi is not here; its slope is 2/sqrt(pi)*exp(x^2)"), ("trapz([0, 1], [x, y])", "write sum((y[1:] + y[:-1])*(x[1:] - x[:-1]))/2 for y over x"),
    ("np.trapz([x, y], [0, 1])", "write sum((y[1:] + y[:-1])*(x[1:] - x[:-1]))/2 for y over x"), ("CHOOSE(2, x, y)", "write the choices out: where(n == 1, x, y)"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "cure"), NO_FORMULA)
def test_what_has_no_formula_gets_a_sentence_or_a_neighbour(typed, cure):
    result = gradcli("eval", typed, *at_of(typed))
    assert (result.status, result.out) == (2, "")
    assert result.err.endswith(f"^\n{cure}\n")


@pytest.mark.parametrize(
    "text",
    ["sin(x)^2", "x<-2", "x != y", "exp(-x)*2", "gamma - x", "gamma*x", "beta^2*x", "c*(x)", "a if x < 2 else b", "f(t) = t; f(y)",
     "x[0] + y[1:2]", "d/dx", "x % y", "e^2x", "x @ y", "e*x", "lg*x", "T - x", "x.sin()", "s*t + th", "N*x", "D*x^2", "step*x"],
)  # fmt: skip
def test_what_may_be_meant_is_no_mistake(text):
    """Without values the cure is --at, whatever a name means elsewhere."""
    result = gradcli("eval", text)
    assert result.status == 2
    assert result.err.startswith("gradcli: no value for ")
    assert "\nadd --at " in result.err


def test_a_percentage_that_is_a_remainder_is_noted():
    result = gradcli("eval", "10%x", "--at", "x=3", "--plain")
    assert (result.status, result.out) == (0, "1.0\n")
    assert result.err.startswith("note: 10%x is the remainder of 10 by x; 10 percent of it are 10/100*x\n")
    assert gradcli("eval", "10 % x", "--at", "x=3", "--plain").err == ""


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("e^2x", "e^2x is read as (e^2)*x"), ("x^2y", "x^2y is read as (x^2)*y"),
        ("(-8)^(1/3)", "(-8) ** 0.3333333333333333 is not defined: NaN; cbrt takes the real root"),
    ],
)  # fmt: skip
def test_a_power_that_may_mean_another_is_noted(text, note):
    result = gradcli("eval", text, *at_of(text), "--json")
    assert result.status == 0
    said = [note["message"] for note in json.loads(result.out).get("notes", [])]
    assert note in said or result.err.startswith(f"note: {note}\n")


def test_results_that_begin_with_numbers_stay_results():
    assert gradcli("eval", "x**2,3*x", "--at", "x=2", "--plain").out == "4.0 6.0\n"
    assert gradcli("eval", "1, 5*x", "--at", "x=2", "--plain").out == "1.0 10.0\n"
    assert gradcli("eval", "max(1,5)", "--plain").out == "5.0\n"


@pytest.mark.parametrize(("typed", "at"), [("(-8)^(1/3)", []), ("x**(2/3)", ["--at", "x=-8"])])
def test_a_root_of_a_negative_number_shows_the_real_one(typed, at):
    result = gradcli("eval", typed, *at, "--plain")
    assert (result.status, result.out) == (0, "nan\n")
    assert result.err.startswith("note: (-8) ** ")
    assert "is not defined: NaN; cbrt takes the real root\n" in result.err
    assert gradcli("eval", "cbrt(-8)", "--plain").out == "-2.0\n"


@pytest.mark.parametrize("library", ["tf", "Math", "mpmath"])
def test_a_library_that_is_no_prefix_is_told_by_its_name(library):
    error = gradcli("eval", f"{library}.exp(x)", "--at", "x=1").err
    assert error.startswith(f"gradcli: {library} is no known prefix\n")
    assert error.endswith("\nwrite exp(x)\n")
