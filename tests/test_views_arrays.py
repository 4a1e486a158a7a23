"""Arrays in the table: aligned, never cut within a number, long ones shortened with their shape."""

from __future__ import annotations

import numpy as np
import pytest
from cli import gradcli

from gradcli.views.arrays import block


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (np.array([1.0, 2.5]), "[1, 2.5]"),
        (np.array([[1.0, 2.5], [-30.0, 4.0]]), "[[  1, 2.5],\n [-30, 4]]"),
        (np.array([[1e-20, np.nan], [1.0, np.inf]]), "[[1e-20, nan],\n [1,     inf]]"),
        (np.arange(8.0).reshape(2, 2, 2), "[[[0, 1],\n  [2, 3]],\n [[4, 5],\n  [6, 7]]]"),
        (np.zeros((2, 0)), "[[],\n []]"),
        (np.zeros((0, 2)), "[]"),
        (2.0, "2"),
    ],
)
def test_block(x, text: str) -> None:
    assert block(x) == text


def test_a_long_array_tells_its_shape() -> None:
    lines = block(np.arange(2000.0).reshape(100, 20)).split("\n")
    assert lines[0] == "[[   0,    1,    2, ...,   17,   18,   19],"
    assert lines[3] == " ...,"
    assert lines[-1] == "(shape (100, 20); --json shows all)"


def test_a_matrix_beside_its_gradient() -> None:
    result = gradcli("grad", "sum((w @ x)**2)", "--at", "w=[[1,2],[3,4]],x=[1,-1]", "--no-check")
    assert result.out == (
        "value   2\n"
        "d/dw    [[-2, 2],   w = [[1, 2],\n"
        "         [-2, 2]]        [3, 4]]\n"
        "d/dx    [-8, -12]   x = [1, -1]\n"
    )
