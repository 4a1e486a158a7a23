"""One function of compiled code: a loop over points, from columns and a buffer to columns and a buffer.

It is called with the table of addresses, the first point and the one behind the last, both multiples of sixteen
points. A column is an array of all points; a slot holds so many points of one number that another part needs.
Numbers are float64; columns may hold float32, which are widened as they are read and rounded as they are written.
"""

from __future__ import annotations

from gradcli.domains.compiled.writer import NUMBERS, SHORT, WIDTH, Vector, Writer, slow_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from gradcli.domains.compiled.writer import Kernel

LINE = 64  # bytes
BUFFERED = 64  # points of a slot: what crosses from part to part stays in the first cache
UNIFORM, BUFFER = 0, 1  # places in the table of addresses; the columns follow
FIRST_COLUMN = 2

FAR = ("fmod",)  # of the C library: what a part calls for numbers that no kernel serves
# The stack is aligned as the registers are: else what is kept there crosses cache lines, by the luck of the caller.
ATTRIBUTES = """
attributes #0 = {{ nounwind {width} "stackrealign" }}
attributes #1 = {{ noinline cold nounwind {width} "stackrealign" }}
!0 = !{{i32 1}}
!1 = !{{!"branch_weights", i32 1, i32 100000}}
""".format(width='"min-legal-vector-width"="512" "prefer-vector-width"="512"')


class Part:
    """The text of one function while it is written. narrow: the columns of float32."""

    def __init__(self, name: str, narrow: Container[int] = ()) -> None:
        self.name = name
        self._narrow = narrow
        self.writer = Writer()
        self._entry: dict[str, str] = {}

    def uniform(self, k: int) -> Vector:
        """The number k of those that are the same at all points."""
        self._entry["%uniform"] = f"%uniform = load ptr, ptr {_at('%table', UNIFORM)}"
        name = f"%u{k}"
        if name not in self._entry:
            self._entry[name] = "\n".join(
                (
                    f"{name}p = getelementptr double, ptr %uniform, i64 {k}",
                    f"{name}d = load double, ptr {name}p",
                    f"{name}i = insertelement {NUMBERS} poison, double {name}d, i32 0",
                    f"{name} = shufflevector {NUMBERS} {name}i, {NUMBERS} poison, <{WIDTH} x i32> zeroinitializer",
                )
            )
        return self.writer.vector(name, NUMBERS)

    def load(self, column: int) -> Vector:
        """The next points of a column."""
        place = self._place_in_column(column)
        if column not in self._narrow:
            return self._loaded(place, 8)
        short = self.writer.written(f"load {SHORT}, ptr {place}, align 4", SHORT)
        return self.writer.written(f"fpext {SHORT} {short.name} to {NUMBERS}", NUMBERS)

    def load_slot(self, slot: int) -> Vector:
        """The next points of a slot."""
        return self._loaded(self._place_in_slot(slot), 64)

    def _loaded(self, place: str, aligned: int) -> Vector:
        return self.writer.written(f"load {NUMBERS}, ptr {place}, align {aligned}", NUMBERS)

    def store(self, x: Vector, column: int, past_cache: bool = False) -> None:
        """Write to a column. past_cache: straight to memory, for which the column must begin at a multiple of 64."""
        place = self._place_in_column(column)
        size = 4 if column in self._narrow else 8
        if column in self._narrow:
            x = self.writer.written(f"fptrunc {NUMBERS} {x.name} to {SHORT}", SHORT)
        self._stored(x, place, f"align {LINE}, !nontemporal !0" if past_cache else f"align {size}")

    def store_slot(self, x: Vector, slot: int) -> None:
        """Write to a slot."""
        self._stored(x, self._place_in_slot(slot), "align 64")

    def _stored(self, x: Vector, place: str, how: str) -> None:
        self.writer.lines.append(f"store {x.kind} {x.name}, ptr {place}, {how}")

    def _place_in_column(self, column: int) -> str:
        name = f"%c{column}"
        self._entry[name] = (
            f"{name}p = getelementptr ptr, ptr %table, i64 {FIRST_COLUMN + column}\n{name} = load ptr, ptr {name}p"
        )
        item = "float" if column in self._narrow else "double"
        return self.writer.written(f"getelementptr {item}, ptr {name}, i64 %i", NUMBERS).name

    def _place_in_slot(self, slot: int) -> str:
        self._entry["%buffer"] = (
            f"%bufferp = getelementptr ptr, ptr %table, i64 {BUFFER}\n%buffer = load ptr, ptr %bufferp"
        )
        place = self.writer.written("sub i64 %i, %start", NUMBERS).name
        place = self.writer.written(f"add i64 {place}, {slot * BUFFERED}", NUMBERS).name
        return self.writer.written(f"getelementptr double, ptr %buffer, i64 {place}", NUMBERS).name

    def text(self) -> str:
        """The whole function."""
        last = self.writer.block
        return "\n".join((
            f"define internal void @{self.name}(ptr %table, i64 %start, i64 %stop) #0 {{",
            "entry:", *self._entry.values(), "br label %body", "body:",
            f"%i = phi i64 [ %start, %entry ], [ %next, %{last} ]",
            *self.writer.lines,
            f"%next = add i64 %i, {WIDTH}", "%more = icmp slt i64 %next, %stop",
            "br i1 %more, label %body, label %exit", "exit:", "ret void", "}", "",
        ))  # fmt: skip


def _at(table: str, place: int) -> str:
    return f"getelementptr (ptr, ptr {table}, i64 {place})" if place else table


def stage(name: str, parts: Sequence[Part]) -> str:
    """A function of the table and the number of points: each part in turn, over all points or so many at a time."""
    if len(parts) == 1:
        calls = f"call void @{parts[0].name}(ptr %table, i64 0, i64 %n)\nret void"
    else:
        calls = "\n".join((
            "br label %body", "body:", "%i = phi i64 [ 0, %entry ], [ %next, %body ]",
            f"%next = add i64 %i, {BUFFERED}", "%within = icmp slt i64 %next, %n",
            "%stop = select i1 %within, i64 %next, i64 %n",
            *(f"call void @{part.name}(ptr %table, i64 %i, i64 %stop)" for part in parts),
            "br i1 %within, label %body, label %exit", "exit:", "ret void",
        ))  # fmt: skip
    return f"define void @{name}(ptr %table, i64 %n) #0 {{\nentry:\n{calls}\n}}\n"


def module(functions: Sequence[str], writers: Sequence[Writer]) -> str:
    """The text of all functions, of which these are the writers, with what they call."""
    declared = {x for writer in writers for x in writer.declared}
    called = {function: count for writer in writers for function, count in writer.slow.items()}
    slow = []
    for function in sorted(called, key=slow_name):
        count = called[function]
        if isinstance(function, str):
            slow.append(_of_library(function, count))
        else:
            writer = Writer()
            slow.append(_of_kernel(function, count, writer))
            declared |= writer.declared
    return "\n".join([*sorted(declared), *slow, *functions, ATTRIBUTES])


def _of_kernel(kernel: Kernel, count: int, writer: Writer) -> str:
    """A slow function that is a kernel of so many operands."""
    found = kernel(writer, *(writer.vector(f"%x{k}", NUMBERS) for k in range(count)))
    return "\n".join([_head(kernel, count), "body:", *writer.lines, f"ret {NUMBERS} {found.name}", "}"])


def _head(function: str | Kernel, count: int) -> str:
    given = ", ".join(f"{NUMBERS} %x{k}" for k in range(count))
    return f"define internal {NUMBERS} @{slow_name(function)}({given}) #1 {{"


def _of_library(function: str, count: int) -> str:
    """The C library's function of a vector of numbers, one after the other."""
    operands = [f"%x{k}" for k in range(count)]
    declared = ", ".join(["double"] * count)
    lines = [f"declare double @gradcli_{function}({declared})", _head(function, count)]
    before = "poison"
    for k in range(WIDTH):
        lines += [f"{x}_{k} = extractelement {NUMBERS} {x}, i32 {k}" for x in operands]
        one = ", ".join(f"double {x}_{k}" for x in operands)
        lines.append(f"%y{k} = call double @gradcli_{function}({one})")
        lines.append(f"%r{k} = insertelement {NUMBERS} {before}, double %y{k}, i32 {k}")
        before = f"%r{k}"
    return "\n".join([*lines, f"ret {NUMBERS} {before}", "}"])
