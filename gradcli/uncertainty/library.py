"""The library's way in: `gradcli.propagate("x*y", {"x": "2±0.1", "y": 3.0})`."""

from __future__ import annotations

import math

from gradcli.errors import UsageError
from gradcli.language.names import nfkc
from gradcli.language.parser import mind_names, parse
from gradcli.text import pieces, shown
from gradcli.uncertainty.covariance import Inputs
from gradcli.uncertainty.inputs import Input
from gradcli.uncertainty.notation import decimal, input_of
from gradcli.uncertainty.parameters import Parameters
from gradcli.uncertainty.propagate import COVERAGE, SEED, TRIALS, Propagation, Propagator, checked
from gradcli.uncertainty.readings import join_readings, mean_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def propagate(  # noqa: PLR0913 - each a word of its own
    text: str, inputs: Mapping[str, Any] | str | None = None, /, *, readings: Mapping[str, Any] | None = None,
    fit: Any = None, corr: Mapping[tuple[str, str], float] | None = None, dof: Mapping[str, float] | None = None,
    coverage: float = COVERAGE, trials: int = TRIALS, seed: int = SEED, **quantities: Any,
) -> Propagation:  # fmt: skip
    """The uncertainty of a formula, to the first and second order, and by Monte Carlo.

    inputs: name to a number (a constant), a text (`"2±0.1"`, `"2.00(12)e-3"`, `"rect(1,2)"`), a pair (value, u), or
    a list of repeated readings; or all of them in one text, "x=2±0.1,y=3". quantities: the same by keywords, for
    names that no option has. readings: name to lists of one length, of what was read together, so that their means
    are correlated as their rows are. fit: what `gradcli.fit` gave: its parameters are inputs, with their covariances,
    and what it held is constant. corr: pairs of names to correlations; dof: degrees of freedom of uncertainties;
    coverage: the probability of the intervals; trials: of Monte Carlo, 0 for none; seed: decides them.
    Raises ExpressionError for the text, UsageError for the numbers.

    >>> found = propagate("x*y", {"x": "2±0.1", "y": "3±0.2"}, trials=0)
    >>> found
    6.00 ± 0.50
    >>> found.budget[0].input, found.budget[0].contribution
    ('y', 0.4)
    """
    given = _assigned(inputs) if isinstance(inputs, str) else dict(inputs or {})
    known = {nfkc(name): _input(name, value) for name, value in {**given, **quantities}.items()}
    together = {nfkc(name): value for name, value in (readings or {}).items()}
    for name, values in together.items():
        if name in known:
            raise UsageError(f"{name} is given twice, as an input and by readings", "give it once")
        known[name] = mean_of(name, values)
    fitted = None if fit is None else _parameters(fit)
    bound = {**fitted.held, **fitted.inputs} if fitted else {}
    program = parse(text, bound=frozenset([*bound, *known]))
    mind_names(program, frozenset([*bound, *known]))
    if fitted:
        twice = [name for name in known if name in fitted.inputs]
        if twice:
            raise UsageError(f"{twice[0]} is given twice, as an input and by fit", "give it once")
        fitted.mind(program.variables)
    known = {**{name: x for name, x in bound.items() if name in program.variables}, **known}
    _mind(known, program.variables)
    found = Inputs({name: known[name] for name in program.variables})
    if fitted:
        fitted.join(found)
    if together:
        join_readings(found, "readings", together)
    for (one, other), r in (corr or {}).items():
        found.correlate(one, other, r)
    for name, number in (dof or {}).items():
        set_dof(found, name, number)
    checked(found, coverage)
    uncertain = [name for name, x in found.known.items() if x.u]
    return Propagator(program, uncertain).at(found, coverage, trials, seed)


def _parameters(fit: Any) -> Parameters:
    dof = math.inf if fit.absolute or not fit.dof else float(fit.dof)
    return Parameters("the fit", fit.parameters, fit.cov, dof, fit.held)


def set_dof(inputs: Inputs, name: str, number: float) -> None:
    """Give an uncertainty its degrees of freedom. Raises UsageError."""
    if name not in inputs.known:
        raise UsageError(
            f"degrees of freedom of {name}, which is no input", f"the inputs are {', '.join(inputs.names)}"
        )
    if not number > 0:
        raise UsageError(f"{name} has {number:g} degrees of freedom", "write a number above 0, or inf")
    if not inputs.known[name].u:
        raise UsageError(f"{name} has degrees of freedom and no uncertainty", f"write {name}=2±0.1")
    inputs.known[name].dof = float(number)


def _assigned(text: str) -> dict[str, str]:
    """The names and texts of `x=2±0.1,y=3`. Raises UsageError."""
    found = {}
    for part in pieces(text, ","):
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f'"{shown(part)}" names no input', "write x=2±0.1,y=3")
        found[name.strip()] = value
    return found


def _input(name: str, value: Any) -> Input:
    if isinstance(value, Input):
        return value
    if isinstance(value, str):
        return input_of(name, value, decimal)
    if isinstance(value, tuple):
        return _pair(name, value)
    if hasattr(value, "__len__"):
        return mean_of(name, value)
    return input_of(name, repr(float(value)), decimal)


def _pair(name: str, pair: tuple[Any, ...]) -> Input:
    if len(pair) != 2 or not float(pair[1]) >= 0:
        raise UsageError(f"{name}: {pair!r} is no pair (value, u)", "u is a number from 0; a list holds readings")
    return Input(float(pair[0]), float(pair[1]))


def _mind(known: Mapping[str, Input], variables: tuple[str, ...]) -> None:
    for name in known:
        if name not in variables:
            raise UsageError(f"{name} is not in the expression", f"the variables are {', '.join(variables)}")
    missing = [name for name in variables if name not in known]
    if missing:
        raise UsageError(f"no value for {', '.join(missing)}", f'add "{missing[0]}": "2±0.1"')
