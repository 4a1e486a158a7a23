"""Vectors of sixteen numbers, and the text of what is done to them in LLVM's intermediate representation.

A kernel is written with ordinary operators on vectors; each operator writes one instruction, and an instruction that
is there already is not written again: sine and cosine of one number share its reduction without a word. No
instruction may be reordered (there is no fast-math) or contracted (a fused multiply-add stands only where a kernel
says `fma`), so the bits are the same for every width of the machine's registers.

>>> m = Writer()
>>> x = m.vector(m.emit("load <16 x double>, ptr %p"), NUMBERS)
>>> print((m.fma(x, 2.0, 1.0) * m.fma(x, 2.0, 1.0)).name, *m.lines, sep="\\n")
%2
%0 = load <16 x double>, ptr %p
%1 = call <16 x double> @llvm.fma.v16f64(<16 x double> %0, <16 x double> splat (double 0x4000000000000000), <16 x double> splat (double 0x3FF0000000000000))
%2 = fmul <16 x double> %1, %1
"""

from __future__ import annotations

import struct
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Kernel = Callable[..., "Vector"]

# Two registers of AVX-512: one half is computed while the other one's numbers are on their way.
WIDTH = 16
NUMBERS, BITS, TRUTHS, SHORT = (f"<{WIDTH} x {kind}>" for kind in ("double", "i64", "i1", "float"))

# Written with a vector's operators: the instruction on numbers, on bits and on truths.
_INSTRUCTIONS = {
    "add": ("fadd", "add", ""), "sub": ("fsub", "sub", ""), "mul": ("fmul", "", ""), "truediv": ("fdiv", "", ""),
    "and": ("", "and", "and"), "or": ("", "or", "or"), "xor": ("", "xor", "xor"),
    "lshift": ("", "shl", ""), "rshift": ("", "lshr", ""),
    "lt": ("fcmp olt", "icmp slt", ""), "le": ("fcmp ole", "icmp sle", ""),
    "gt": ("fcmp ogt", "icmp sgt", ""), "ge": ("fcmp oge", "icmp sge", ""),
    "eq": ("fcmp oeq", "icmp eq", ""), "ne": ("fcmp une", "icmp ne", ""),
}  # fmt: skip


def _operator(name: str) -> tuple[Any, Any]:
    """The method of an operator, and the one with the operands the other way round."""

    def of(x: Vector, y: Any) -> Vector:
        return x.writer.binary(name, x, x.writer.like(x, y))

    def reflected(y: Vector, x: Any) -> Vector:
        return y.writer.binary(name, y.writer.like(y, x), y)

    return of, reflected


class Vector:
    """Sixteen numbers, the bits of such, or truths: the name that the text has for them."""

    __slots__ = ("kind", "name", "writer")
    __hash__ = None  # type: ignore[assignment]  # == writes an instruction

    def __init__(self, writer: Writer, name: str, kind: str) -> None:
        self.writer = writer
        self.name = name
        self.kind = kind

    __add__, __radd__ = _operator("add")
    __sub__, __rsub__ = _operator("sub")
    __mul__, __rmul__ = _operator("mul")
    __truediv__, __rtruediv__ = _operator("truediv")
    __and__, __or__, __xor__ = (_operator(x)[0] for x in ("and", "or", "xor"))
    __lshift__, __rshift__ = (_operator(x)[0] for x in ("lshift", "rshift"))
    __lt__, __le__, __gt__, __ge__ = (_operator(x)[0] for x in ("lt", "le", "gt", "ge"))
    __eq__, __ne__ = (_operator(x)[0] for x in ("eq", "ne"))

    def __neg__(self) -> Vector:
        return self.writer.written(f"fneg {self.kind} {self.name}", self.kind)

    def __invert__(self) -> Vector:
        return self.writer.binary("xor", self, self.writer.constant(-1 if self.kind is BITS else True, self.kind))


class Writer:
    """The instructions of one function so far.

    lines: the text; block: the label where the next instruction stands; declared: the intrinsic functions that it
    calls, and what else of the module it needs; slow: the slow ones, a name of the C library or a kernel, each with
    the number of its operands.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.block = "body"
        self.declared: set[str] = set()
        self.slow: dict[str | Kernel, int] = {}
        self._known: dict[str, str] = {}
        self._names = 0

    def emit(self, instruction: str) -> str:
        """The name of a new result."""
        name = f"%{self._names}"
        self._names += 1
        self.lines.append(f"{name} = {instruction}")
        return name

    def vector(self, name: str, kind: str) -> Vector:
        """What the text calls so, as a vector."""
        return Vector(self, name, kind)

    def written(self, instruction: str, kind: str) -> Vector:
        """The result of an instruction without effects: the same one is written once."""
        name = self._known.get(instruction)
        if name is None:
            name = self._known[instruction] = self.emit(instruction)
        return Vector(self, name, kind)

    def binary(self, operator: str, x: Vector, y: Vector) -> Vector:
        """An operator of Python on two vectors of one kind."""
        instruction = _INSTRUCTIONS[operator][(NUMBERS, BITS, TRUTHS).index(x.kind)]
        compares = "cmp" in instruction
        return self.written(f"{instruction} {x.kind} {x.name}, {y.name}", TRUTHS if compares else x.kind)

    def constant(self, value: float, kind: str = NUMBERS) -> Vector:
        """One number (or pattern of bits, or truth) in all places."""
        if kind is NUMBERS:
            return Vector(self, f"splat (double 0x{struct.pack('>d', value).hex().upper()})", kind)
        return Vector(self, f"splat (i64 {value:d})" if kind is BITS else f"splat (i1 {str(value).lower()})", kind)

    def like(self, x: Vector, y: Any) -> Vector:
        """A vector as it is; a constant as one of the kind of x."""
        return y if isinstance(y, Vector) else self.constant(y, x.kind)

    def number(self, x: Any) -> Vector:
        """Numbers: of truths 1 and 0."""
        if not isinstance(x, Vector):
            return self.constant(x)
        return self.where(x, 1.0, 0.0) if x.kind is TRUTHS else x

    def truth(self, x: Vector) -> Vector:
        """Truths: of numbers whether they are not 0."""
        return x if x.kind is TRUTHS else x != 0.0

    def call(self, name: str, *operands: Any) -> Vector:
        """An intrinsic function of numbers."""
        given = ", ".join(f"{NUMBERS} {self.number(x).name}" for x in operands)
        self.declared.add(f"declare {NUMBERS} @llvm.{name}.v{WIDTH}f64({', '.join([NUMBERS] * len(operands))})")
        return self.written(f"call {NUMBERS} @llvm.{name}.v{WIDTH}f64({given})", NUMBERS)

    def fma(self, x: Any, y: Any, z: Any) -> Vector:
        """x*y + z, rounded once."""
        return self.call("fma", x, y, z)

    def sqrt(self, x: Any) -> Vector:
        """The square root, rounded once."""
        return self.call("sqrt", x)

    def abs(self, x: Vector) -> Vector:
        """Without the sign."""
        return self.call("fabs", x)

    def copysign(self, x: Any, y: Vector) -> Vector:
        """The size of x with the sign of y."""
        return self.call("copysign", x, y)

    def where(self, c: Vector, x: Any, y: Any) -> Vector:
        """x where c is true, else y: what was not chosen leaves no trace, NaN or not."""
        kind = next((v.kind for v in (x, y) if isinstance(v, Vector)), NUMBERS)
        x, y = (v if isinstance(v, Vector) else self.constant(v, kind) for v in (x, y))
        return self.written(f"select {TRUTHS} {c.name}, {kind} {x.name}, {kind} {y.name}", kind)

    def bits(self, x: Vector) -> Vector:
        """The bits of numbers."""
        return self.written(f"bitcast {NUMBERS} {x.name} to {BITS}", BITS)

    def of_bits(self, x: Vector) -> Vector:
        """The numbers of these bits."""
        return self.written(f"bitcast {BITS} {x.name} to {NUMBERS}", NUMBERS)

    def elsewhere(self, far: Vector, x: tuple[Vector, ...], near: Vector, function: str | Kernel) -> Vector:
        """`near`, and where far is true what a slow function of x says: a branch that is rarely taken.

        function: a kernel, or a name of the C library.
        """
        operands = ", ".join(f"{NUMBERS} {v.name}" for v in x)
        slow, done = f"slow{self._names}", f"done{self._names}"
        self.slow[function] = len(x)
        any_far = self.emit(f"bitcast {TRUTHS} {far.name} to i{WIDTH}")
        some = self.emit(f"icmp ne i{WIDTH} {any_far}, 0")
        self.lines += [f"br i1 {some}, label %{slow}, label %{done}, !prof !1", f"{slow}:"]
        there = self.emit(f"call {NUMBERS} @{slow_name(function)}({operands})")
        both = self.emit(f"select {TRUTHS} {far.name}, {NUMBERS} {there}, {NUMBERS} {near.name}")
        self.lines += [f"br label %{done}", f"{done}:"]
        found = self.emit(f"phi {NUMBERS} [ {near.name}, %{self.block} ], [ {both}, %{slow} ]")
        self.block = done
        return Vector(self, found, NUMBERS)


def slow_name(function: str | Kernel) -> str:
    """The name of a slow function in the text."""
    return f"far_{function if isinstance(function, str) else function.__name__.strip('_')}"


def polynomial(m: Writer, x: Vector, *coefficients: float) -> Vector:
    """c0 + c1*x + c2*x**2 + ..., the even and the odd powers apart: half the waiting for one square more."""
    square = x * x

    def horner(terms: Sequence[float]) -> Any:
        found: Any = terms[-1]
        for c in terms[-2::-1]:
            found = m.fma(found, square, c)
        return found

    return m.fma(horner(coefficients[1::2]), x, horner(coefficients[::2]))


Pair = tuple[Any, Any]  # of vectors: a number, and what it lacks


def ordered_sum(x: Any, y: Any) -> Pair:
    """x + y without an error, for abs(x) >= abs(y) (T. J. Dekker, 1971)."""
    total = x + y
    return total, y - (total - x)


def exact_sum(x: Any, y: Any) -> Pair:
    """x + y without an error (D. E. Knuth, The Art of Computer Programming, 4.2.2)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


def exact_product(m: Writer, x: Any, y: Any) -> Pair:
    """x*y without an error."""
    product = m.number(x) * y
    return product, m.fma(x, y, -product)


def quotient(m: Writer, x: Pair, y: Pair) -> Pair:
    """x/y in two parts, by one division."""
    inverse = 1.0 / y[0]
    q = x[0] * inverse
    rest = (m.fma(-q, y[0], x[0]) + x[1]) - q * y[1]
    return q, rest * inverse
