"""Imported by the process from which the witness's children are forked: sympy, with what it keeps of such formulas."""

from gradcli.language.parser import parse
from gradcli.witness.formula import Formula
from gradcli.witness.symbolic import task

from .commandwords import FORMULAS

for _text in (text for text in FORMULAS if "=" not in text):
    _program = parse(_text)
    _formula = Formula(task(_program, _program.variables))
    for _k in range(len(_program.variables) + 1):
        _formula.at(_k, [(1, 2)] * len(_program.variables))
