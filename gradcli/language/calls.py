"""Calls: functions of the table, methods, pasted prefixes, and functions that the text defines."""

from __future__ import annotations

from gradcli.core.graph import CONSTANTS
from gradcli.core.op import CONSTANT, NUMBER, Op
from gradcli.core.ops import by_name
from gradcli.core.structure import NOTHING, TUPLE
from gradcli.language.literals import decimal_of, value_of
from gradcli.language.names import (
    ALL_BY_NONE,
    DEFAULTS,
    DIFFERENT,
    EXTREMES,
    FUNCTIONS,
    KEYWORD_ALIASES,
    KEYWORD_PLACES,
    METHOD_ORDERS,
    METHODS,
    NUMPY,
    OVERLOADS,
    PAIRS,
    PREFIX_HEADS,
    PREFIXES,
    SEVERAL,
    called,
    direct,
    nfkc,
    parameters,
    public_names,
)  # fmt: skip
from gradcli.language.scope import DIFF, PARAMETER, WORDS, Definition
from gradcli.text import nearest, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from gradcli.language.state import Frame, State

LONGEST_PREFIX = 8  # tokens of `torch.nn.functional.` and a little more


def open_call(p: State, name: str, start: int, prefix: str = "") -> None:
    """`name(`: the parser stands on the name, which began at token `start`."""
    if p.defining is not None and name == p.defining.name and not prefix:
        p.fail(f"{shortened(name)} calls itself", "write the repeated steps out; there is no recursion", p.i)
    function: Definition | Op | None = None if prefix else p.functions.get(name)
    if function is None:
        if prefix and (prefix.partition(".")[0], name) in DIFFERENT:
            p.fail(f"{prefix}.{name} is not the same as ours", DIFFERENT[prefix.partition(".")[0], name], start, p.i)
        function = DIFF if name == "diff" else called(name)
    if function is None:
        _unknown_function(p, name, start, prefix)
    p.i += 1
    frame = p.open("call")
    frame.function, frame.name, frame.prefix, frame.start = function, name, prefix, start


def _unknown_function(p: State, name: str, start: int, prefix: str) -> NoReturn:
    if not prefix and _is_defined_later(p, name):
        p.fail(f"{shortened(name)} is defined further on", "define it before it is called", start, p.i)
    known = p.is_known(name) or name in CONSTANTS or any(node[1:2] == (name,) and node[0].leaf for node in p.leaves)
    if not prefix and (known or len(name) == 1):
        p.fail(f"{shortened(name)} is not a function", f"write {shortened(name)}*{_bracket_text(p)}", start, p.i)
    close = nearest(name, [*public_names(), *p.functions]) if len(name) < 100 else None
    cure = f"did you mean {close}?" if close else "gradcli functions lists them all"
    p.fail(f"there is no function {shortened(name)}", cure, start, p.i)


def _is_defined_later(p: State, name: str) -> bool:
    """Does a statement behind the current token define the function?"""
    tokens, k = p.tokens, p.i
    while name in tokens[k + 1 :]:
        k = tokens.index(name, k + 1)
        if tokens[k - 1] in (";", "\n") and tokens[k + 1] == "(" and ")" in tokens[k:]:
            close = tokens.index(")", k)
            if tokens[close + 1 : close + 2] == ["="]:
                return True
    return False


def _bracket_text(p: State) -> str:
    """The text of the brackets that open after the current token, or `(...)` where it is long."""
    depth, last = 0, p.i + 1
    for last in range(p.i + 1, min(len(p.tokens), p.i + 60)):
        depth += (p.tokens[last] == "(") - (p.tokens[last] == ")")
        if depth == 0:
            break
    start, end = p.program.place(p.i + 1, last)
    text = p.text[start:end]
    return text if depth == 0 and len(text) <= 40 and "\n" not in text else "(...)"


def prefixed(p: State, head: str) -> None:
    """`np.linalg.name`: the longest known prefix, then a function or a constant."""
    tokens, start = p.tokens, p.i
    prefix, k, dotted, last = "", p.i, head, p.i
    while tokens[last + 1] == "." and tokens[last + 2].isidentifier() and last < start + LONGEST_PREFIX:
        if dotted in PREFIXES:
            prefix, k = dotted, last
        last += 2
        dotted = f"{dotted}.{tokens[last]}"
    if not prefix:
        p.fail(f"{head} is the prefix of a library here", f"write np.sin(x), or give {head} a value", start)
    name = nfkc(tokens[k + 2])
    p.i = k + 2
    p.prefixes.add(head)
    if tokens[p.i + 1] == "(":
        open_call(p, name, start, prefix)
    elif name in CONSTANTS:
        p.push(p.leaf((CONSTANT, name)), start)
    elif name in FUNCTIONS:
        p.fail(f"{prefix}.{name} is a function", f"write {prefix}.{name}(x)", start, p.i)
    else:
        close = nearest(name, [*CONSTANTS, *public_names()]) if len(name) < 100 else None
        p.fail(
            f"{prefix}.{shortened(name)} is not known here",
            f"did you mean {close}?" if close else f"write {shortened(name)}",
            start,
            p.i,
        )


def open_method(p: State, name: str) -> None:
    """`x.name(`: the value is the first argument. The parser stands on the point."""
    p.i += 1
    if not name.isidentifier():
        p.fail("a name is missing after the point", "write x.sin() or A.T", p.i - 1)
    if p.tokens[p.i + 1] != "(":
        known = name in FUNCTIONS or name in p.functions or name in METHODS
        p.fail(
            f".{shortened(name)} is not known without parentheses",
            f"write .{name}()" if known else "write x.sin() or A.T",
            p.i,
        )
    value, start = p.values.pop(), p.starts.pop()
    open_call(p, METHODS.get(name, name), p.i)
    p.frame.start, p.frame.method = start, True
    p.frame.arguments.append(value)


def keyword(p: State, name: str) -> None:
    """`name=` in a call. The parser stands on the name."""
    frame = p.frame
    if len(frame.arguments) in frame.names or p.pending[-1][0] != 0:
        p.fail("= stands only after a name at the start of a statement", "write == to compare", p.i + 1)
    if not frame.names:
        frame.names = {}
    frame.names[len(frame.arguments)] = name
    p.i += 1


def close_call(p: State, frame: Frame) -> int:
    """The value of a complete call."""
    if isinstance(frame.function, Definition):
        _no_tuples(p, frame, frame.arguments)
        return _expand(p, frame.function, _bind_defined(p, frame, frame.function), frame.start)
    assert frame.function is not None
    if frame.function is DIFF:
        from gradcli.language.derivatives import derivative

        return derivative(p, frame)
    if _is_direct(p, frame, frame.function):
        return p.node((frame.function, *frame.arguments), frame.start, p.i)
    op = _overload(frame, frame.function)
    if op.name == "array" and len(frame.arguments) == 1 and not frame.names:
        _no_tuples(p, frame, frame.arguments)
        _no_nothing(p, frame, frame.arguments)
        return frame.arguments[0]  # np.array([1, 2]) is the array itself
    _mind_numbers(p, frame, op)
    if op.name in ("std", "var") and p.tokens[p.i - 1] in WORDS and len(frame.arguments) == 2 and not frame.names:
        frame.names = {1: "unbiased"}  # torch.std(x, False)
    bind = _bind_parts if op.takes_list else _bind
    operands = bind(p, frame, op)
    if op.name == "pnorm" and frame.prefix.endswith("linalg") and p.nodes[operands[2]][0] is NOTHING:
        operands[0] = p.node((by_name("vector"), operands[0]), frame.start, p.i)
    if op.name == "pnorm" and p.nodes[operands[1]] == (NUMBER, 2.0, None):
        op, operands = by_name("norm"), [operands[0], *operands[2:]]
    made = p.node((op, *operands), frame.start, p.i)
    if frame.name in PAIRS:
        from gradcli.language.pairs import note_pair

        note_pair(p, frame, made)
    return made


def _is_direct(p: State, frame: Frame, op: Op) -> bool:
    """Is the call its row on the arguments as they are? Most calls are, of a million many thousands."""
    arguments, nodes = frame.arguments, p.nodes
    if frame.names or frame.method or frame.prefix or len(arguments) != direct(op) or not arguments:
        return False
    for x in arguments:  # noqa: SIM110
        if nodes[x][0] is TUPLE or nodes[x][0] is NOTHING:
            return False
    return True


def _mind_numbers(p: State, frame: Frame, op: Op) -> None:
    """`sum(1, 2, 3)`: of a number there is no axis to give."""
    if not op.whole or op.internal or frame.method or len(frame.arguments) - len(frame.names) < 2:
        return
    second = parameters(op)[1:2]
    reduces = second and (second[0].name == "p" or (second[0].name == "axis" and second[0].default))
    if reduces and all(p.nodes[x][0] is NUMBER for x in frame.arguments):
        start, end = p.program.place(frame.open, p.i)
        cure = f"write {frame.name}([{shortened(p.text[start + 1 : end - 1].strip())}])"
        p.fail(f"{frame.name} takes one array", cure, frame.start, p.i)


def _overload(frame: Frame, op: Op) -> Op:
    """The row that a call means, by its arguments and by its prefix."""
    placed = len(frame.arguments) - len(frame.names)
    if frame.prefix in NUMPY and op.name in EXTREMES and frame.name == op.name:
        return by_name(EXTREMES[op.name])
    keys: list[int | str] = [placed, *frame.names.values()]
    for key in keys:
        if (op.name, key) in OVERLOADS:
            return by_name(OVERLOADS[op.name, key])
    return op


def _no_tuples(p: State, frame: Frame, operands: Sequence[int]) -> None:
    for x in operands:
        if p.nodes[x][0] is TUPLE:
            whole = isinstance(frame.function, Op) and frame.function.whole
            cure = "write [1, 2] for an array" if whole else "remove the inner parentheses"
            p.fail("a tuple is no argument here", cure, frame.start, p.i)


def _no_nothing(p: State, frame: Frame, operands: Sequence[int]) -> None:
    """Where any number of arguments goes no parameter has a default for `None` to mean."""
    if any(p.nodes[x][0] is NOTHING for x in operands):
        p.fail("None is no number", f"remove it from {shortened(frame.name)}(...)", frame.start, p.i)


def _bind(p: State, frame: Frame, op: Op) -> list[int]:
    """The operands in the order of the signature, defaults filled in."""
    wanted = parameters(op)
    if wanted[0].name.startswith("*"):
        if not frame.arguments or frame.names:
            _wrong_call(p, frame, op.signature)
        _no_tuples(p, frame, frame.arguments)
        _no_nothing(p, frame, frame.arguments)
        return frame.arguments
    order = [w.name for w in wanted]
    if frame.method:
        order = list(METHOD_ORDERS.get(op.name, order))
    rest: list[int] = []
    if order[-1].startswith("*"):
        rest = _take_rest(p, frame, order.pop(), op)
        wanted = wanted[:-1]
    bound = _match(p, frame, order, op.signature)
    if op.name in ALL_BY_NONE and _is_axis_none(p, frame, order):
        bound["axis"] = p.leaf((NOTHING,))
    prefixes, own = DEFAULTS.get(op.name, ((), {}))
    own = own if frame.prefix in prefixes else {}
    for w in wanted:
        if w.name not in bound:
            if w.default is None:
                _wrong_call(p, frame, op.signature)
            bound[w.name] = _default(p, own.get(w.name, w.default))
    _no_tuples(p, frame, [x for name, x in bound.items() if name not in SEVERAL])
    return [*[bound[w.name] for w in wanted], *rest]


def _take_rest(p: State, frame: Frame, name: str, op: Op) -> list[int]:
    """The arguments that `*shape` stands for: those after the named ones, or the keyword `shape`."""
    named = [k for k, word in frame.names.items() if word == name[1:]]
    first = len(parameters(op)) - 1
    placed = len(frame.arguments) - len(frame.names)
    if named or not frame.names:
        rest = [frame.arguments[k] for k in named] or frame.arguments[first:]
        frame.arguments = frame.arguments[: min(first, placed)]
        frame.names = {}
        if rest:
            if name not in SEVERAL:
                _no_tuples(p, frame, rest)
            _no_nothing(p, frame, rest)
            return rest
    _wrong_call(p, frame, op.signature)


def _bind_parts(p: State, frame: Frame, op: Op) -> list[int]:
    """concatenate([a, b], axis=0): the axis, and the arrays in the brackets."""
    bound = _match(p, frame, ["x", "axis"], "[a, b], axis=0")
    node = p.nodes[bound["x"]] if "x" in bound else ()
    if not node or node[0] not in (by_name("array"), TUPLE) or p.nodes[node[1]][0] is NOTHING:
        p.fail(f"{frame.name} takes its arrays in brackets", f"write {frame.name}([a, b], axis=0)", frame.start, p.i)
    parts = node[1:]
    if _is_axis_none(p, frame, ["x", "axis"]):
        if op.name != "concatenate":
            _wrong_call(p, frame, "[a, b], axis=0")
        ends = _default(p, "0"), _default(p, "-1")
        parts = tuple([p.node((by_name("flatten"), x, *ends), frame.start, p.i) for x in parts])
    return [bound["axis"] if "axis" in bound else _default(p, "0"), *parts]


def _is_axis_none(p: State, frame: Frame, order: Sequence[str]) -> bool:
    """Is None given for the axis, by place or as `axis=None`? `dim=None` is none given."""
    names = {**dict(enumerate(order)), **frame.names}
    return any(p.nodes[x][0] is NOTHING and names.get(k) == "axis" for k, x in enumerate(frame.arguments))


def _match(p: State, frame: Frame, order: list[str], signature: str) -> dict[str, int]:
    """Arguments by parameter: by place, or by keyword."""
    bound: dict[str, int] = {}
    for position, x in enumerate(frame.arguments):
        name = frame.names.get(position)
        if name is None:
            name = order[position] if position < len(order) else ""
        elif name not in order:
            place = KEYWORD_PLACES.get(name, len(order))
            name = order[place] if place < len(order) else KEYWORD_ALIASES.get(name, "")
        if name not in order or name in bound:
            _wrong_call(p, frame, signature)
        if p.nodes[x][0] is not NOTHING:  # `min=None` is no minimum
            bound[name] = x
    return bound


def _default(p: State, text: str) -> int:
    """The node of a default: None, a number, a constant, or minus that."""
    if text == "None":
        return p.leaf((NOTHING,))
    bare = text.lstrip("-")
    node = (CONSTANT, bare) if bare in CONSTANTS else (NUMBER, value_of(bare), decimal_of(bare))
    x = p.leaf(node)
    return x if bare == text else p.node((by_name("neg"), x), p.i, p.i)


def _wrong_call(p: State, frame: Frame, signature: str) -> NoReturn:
    name, head = shortened(frame.name), p.tokens[frame.start]
    call = f"{name}({shortened(signature.replace('*x', 'x, ...').replace('*', ''))})"
    if head in PREFIX_HEADS and p.is_known(head):
        p.fail(f"{head} is a variable here, and no prefix", f"write {call}", frame.start, p.i)
    p.fail(f"{name} does not take these arguments", f"write {call}", frame.start, p.i)


def _bind_defined(p: State, frame: Frame, function: Definition) -> dict[int, int]:
    """The leaf of each parameter of a defined function, with its argument."""
    signature = ", ".join(function.leaves)
    bound = _match(p, frame, list(function.leaves), signature)
    if len(bound) < len(function.leaves):
        _wrong_call(p, frame, signature)
    return {function.leaves[name]: x for name, x in bound.items()}


def _expand(p: State, function: Definition, arguments: dict[int, int], start: int) -> int:
    """A copy of the function's nodes on these arguments; the id of its result."""
    if p.operations + function.operations > p.max_operations:
        p.too_many(start, p.i)
    p.operations += function.operations
    nodes, first, last = p.nodes, p.first, p.last
    moved = arguments
    for i in range(function.begin, function.end):
        node = nodes[i]
        if node[0].leaf:
            continue
        moved[i] = len(nodes)
        nodes.append((node[0], *[moved.get(k, k) for k in node[1:]]))
        first.append(first[i])
        last.append(last[i])
    return moved.get(function.result, function.result)


def open_definition(p: State, name: str) -> None:
    """`name(x, y) =` at the start of a statement; anything else there is left alone."""
    tokens = p.tokens
    k = _after_newlines(tokens, p.i + 2)
    names: list[str] = []
    while p.kinds[tokens[k]] == "name":
        names.append(nfkc(tokens[k]))
        k = _after_newlines(tokens, k + 1)
        if tokens[k] != ",":
            break
        k = _after_newlines(tokens, k + 1)
    if tokens[k] != ")" or tokens[k + 1 : k + 2] != ["="]:
        return
    if len(set(names)) < len(names):
        p.fail("two parameters have the same name", "rename one", p.i, k)
    begin = len(p.nodes)
    for parameter in names:
        p.nodes.append((PARAMETER, parameter))
        p.first.append(p.i)
        p.last.append(k)
    leaves = {parameter: begin + j for j, parameter in enumerate(names)}
    p.read.clear()
    p.defining = Definition(name, p.i, begin, leaves, p.operations)
    p.i = k + 2


def _after_newlines(tokens: list[str], k: int) -> int:
    while tokens[k] == "\n" and k + 1 < len(tokens):
        k += 1
    return k


def close_definition(p: State, result: int) -> None:
    """The definition is complete, and this is its result."""
    function = p.defining
    assert function is not None
    function.result = result
    function.end = len(p.nodes)
    function.operations, p.operations = p.operations - function.operations, function.operations
    if len(p.nodes) > 8 * p.max_operations:  # bodies count where they are called, and yet take memory
        p.too_many(function.first, function.first)
    p.functions[function.name] = function
    p.defining = None
