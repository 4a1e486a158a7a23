"""The verdict of the witnesses: a line under the table of `grad`, and the whole of `gradcli check`."""

from __future__ import annotations

from gradcli.views.jsonlines import array_of, json_of, ok_of
from gradcli.views.numbers import tabled, to_show
from gradcli.views.prose import GAP, columns, pad, padded
from gradcli.witness.verdict import ENOUGH_DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from gradcli.api.evaluation import Note
    from gradcli.views.screen import Screen
    from gradcli.witness.result import Check, Row

STYLES = {"agrees": "good", "disagrees": "bad", "kink": "doubt", "not checked": "doubt"}
HEADER = ("", "gradcli", "sympy", "agree", "differences", "agree", "kept", "verdict")
FEW_DIGITS = 8  # where float64 kept less, the line says so
ALONG = " along a random direction"
MEMBERS = ("truth", "symbolic", "numeric", "left", "right", "symbolic_digits", "numeric_digits", "kept", "error")
MOST = 3  # so many disagreements are told in one line


def check_line(checks: Sequence[Check]) -> str:
    """One line for the checks of all points."""
    return _summary(checks)[0]


def show_line(screen: Screen, checks: Sequence[Check]) -> None:
    """The same, in the colour of the verdict."""
    screen.sentence(*_summary(checks)[:2])


def told(checks: Sequence[Check]) -> str:
    """Of which number the line says that float64 lost digits, `value` or `d/dx`; "" of none."""
    return _summary(checks)[2]


def lost(check: Check) -> list[tuple[str, float]]:
    """The numbers of which float64 lost digits: `value` or `d/dx`, and how many digits it kept."""
    rows = [(label, row) for label, row in _labelled(check) if _is_lossy(row)]
    return [(label, row.kept) for label, row in rows if row.kept is not None and row.answer - row.answer == 0]


def _summary(checks: Sequence[Check]) -> tuple[str, str, str]:
    """The line, its style, and what `told` gives."""
    rows = [labelled for check in checks for labelled in _labelled(check)]
    wrong = [(label, row) for label, row in rows if row.verdict == "disagrees"]
    if wrong:
        said = [f"{label} is {to_show(tabled(row.answer))} here and {_other(row)}" for label, row in wrong[:MOST]]
        more = f"; and {len(wrong) - MOST} more" if len(wrong) > MOST else ""
        return f"check: disagrees: {'; '.join(said)}{more}", "bad", ""
    # Where there are no variables the value is all there is to check.
    partials = [labelled for check in checks for labelled in _labelled(check)[1:]] or rows
    good = [row for _, row in partials if row.verdict == "agrees"]
    others = [(label, row) for label, row in partials if row.verdict != "agrees"]
    if not good and all(row.verdict == "not checked" for _, row in others):
        return f"not checked: {others[0][1].why if others else 'there is nothing to check'}", "doubt", ""
    parts = [_agreement(len(checks), partials, good)] if good else []
    parts += _reasons(others)
    worst = max(rows, key=lambda labelled: _error(labelled[1]))
    parts += _precision(*worst, single=len(rows) == 1)
    lossy = _is_lossy(worst[1])
    return f"check: {'; '.join(parts)}", "doubt" if others or lossy else "good", worst[0] if lossy else ""


def _labelled(check: Check) -> list[tuple[str, Row]]:
    """`value` and the first row, then `d/dx` and a row for each x, and for arrays along what."""
    value, *partials = check.rows
    return [("value", value), *[(f"d/d{row.name}{'' if row.along is None else ALONG}", row) for row in partials]]


def _agreement(points: int, partials: Sequence[tuple[str, Row]], good: Sequence[Row]) -> str:
    """`sympy agrees on all 2 partials at all 11 points`: who was heard, and on what."""
    by_sympy = [_is_by_sympy(row) for row in good]
    witness = "sympy agrees" if all(by_sympy) else f"{'sympy or ' if any(by_sympy) else ''}differences agree"
    whole = len(good) == len(partials)
    where = f" at {'all ' if whole else ''}{points} points" if points > 1 else ""
    each = len(partials) // points
    if not whole:
        return f"{witness} on {len(good)} of {len(partials)} partials{where}"
    along = ALONG if any(label.endswith(ALONG) for label, _ in partials) else ""
    what = f"all {each} partials{along}" if each > 1 else partials[0][0] if partials[0][0] != "value" else "the value"
    return f"{witness} on {what}{where}"


def _reasons(others: Sequence[tuple[str, Row]]) -> list[str]:
    """What there is to say of the partials that were not simply right: each thing once."""
    told: dict[str, list[str]] = {}
    for label, row in others:
        told.setdefault(_verdict(row).replace("kink:", "at a kink,"), []).append(label)
    more = {what: f" and {len(labels) - 1} more" if len(labels) > 1 else "" for what, labels in told.items()}
    return [f"{labels[0]}{more[what]} {what}" for what, labels in told.items()]


def _is_by_sympy(row: Row) -> bool:
    """Did sympy agree, rather than the differences alone?"""
    if row.symbolic_digits is not None:
        return row.symbolic_digits >= ENOUGH_DIGITS
    return row.symbolic is not None and row.numeric is None


def _error(row: Row) -> float:
    return -1.0 if row.error is None else row.error


def _is_lossy(row: Row) -> bool:
    return row.kept is not None and row.kept < FEW_DIGITS


def _precision(label: str, row: Row, single: bool) -> list[str]:
    """The largest error, and what to do where it is no rounding error."""
    if row.error is None:
        return []
    error = f"{'' if single else 'largest '}relative error {row.error:.2g}"
    if _is_lossy(row):
        error += f": float64 kept {row.kept:.0f} of 16 digits of {label}, --digits 20 keeps them"
    return [error]


def show(screen: Screen, check: Check) -> None:
    """A line for the value and for each partial, or where they are too wide for a terminal a block."""
    labelled = _labelled(check)
    table = zip(HEADER, *[(label, *_cells(row)) for label, row in labelled], strict=True)
    head, *lines = [GAP.join(line) for line in zip(*map(padded, table), strict=True)]
    if screen.width is not None and columns(head) > screen.width:
        for k, (label, row) in enumerate(labelled):
            if k:
                screen.line()
            _show_block(screen, label, row)
        return
    screen.line(screen.paint(head.rstrip(), "faint"))
    for line, (_, row) in zip(lines, labelled, strict=True):
        verdict = _verdict(row)
        screen.line(line.rstrip().removesuffix(verdict) + screen.paint(verdict, STYLES[row.verdict]))


def _show_block(screen: Screen, label: str, row: Row) -> None:
    answer, symbolic, symbolic_digits, numeric, numeric_digits, kept, verdict = _cells(row)
    screen.line(f"{screen.paint(label, 'head')}{GAP}{screen.paint(verdict, STYLES[row.verdict])}")
    parts = (
        ("gradcli", answer, f"float64 kept {kept} digits" if kept else ""),
        ("sympy", symbolic, f"{symbolic_digits} digits agree" if symbolic_digits else ""),
        ("differences", numeric, f"{numeric_digits} digits agree" if numeric_digits else ""),
    )
    width = max(columns(text) for _, text, _ in parts)
    beside = screen.fits(2 + 11 + len(GAP) + width)
    indent = " " * (2 + 11 + len(GAP) if beside else 4)
    for name, text, remark in parts:
        head = f"  {name:<11}{GAP}" if beside else indent
        if not beside:
            screen.line(f"  {name}")
        if not remark or screen.fits(len(head) + width + len(GAP) + len(remark)):
            screen.line(f"{head}{pad(text, width)}{GAP}{screen.paint(remark, 'faint')}")
            continue
        screen.line(head + text)
        screen.sentence(indent + remark, "faint", indent)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        to_show(tabled(row.answer)),
        _short(row.symbolic) or "-",
        _count(row.symbolic_digits),
        _differences(row) or "-",
        _count(row.numeric_digits),
        "" if row.kept is None else f"{row.kept:.0f} of 16",
        _verdict(row),
    )


def _count(digits: float | None) -> str:
    return "" if digits is None else f"{digits:.0f}"


def _differences(row: Row) -> str:
    if row.left is not None and row.right is not None:
        return f"{_short(row.left)} left, {_short(row.right)} right"
    return _short(row.numeric)


def _short(text: str | None) -> str:
    """30 digits without the zeros at their end: how many of them agree stands beside it."""
    if text is None or "." not in text:
        return text or ""
    mantissa, e, exponent = text.partition("e")
    return mantissa.rstrip("0").removesuffix(".") + e + exponent


def _verdict(row: Row) -> str:
    if row.verdict == "kink":
        return f"kink: between {_short(row.left)} on the left and {_short(row.right)} on the right"
    return f"{row.verdict}: {row.why}" if row.why else row.verdict


def _other(row: Row) -> str:
    """What the witnesses have instead."""
    said = [
        (name, text) for name, text in (("sympy", _short(row.symbolic)), ("differences", _differences(row))) if text
    ]
    return " and ".join([f"{text} by {name}" for name, text in said])


def line(at: Mapping[str, Any], check: Check, notes: Sequence[Note] = ()) -> str:
    """The check of one point as a JSON object: a row for the value and, under `grad`, for each partial."""
    value, *partials = check.rows
    found = {
        "at": dict(at),
        "ok": ok_of(check),
        "max_rel_error": check.max_rel_error,
        "value": _row(value),
        "grad": {row.name: _row(row) for row in partials},
    }
    return json_of(found | {"notes": array_of(notes)} if notes else found)


def _row(row: Row) -> dict[str, Any]:
    found = {"verdict": row.verdict, "number": row.answer}
    found |= {name: getattr(row, name) for name in MEMBERS}
    if row.along is not None:
        found["along"] = row.along
    elif row.floats is not None:
        found["plain"] = row.floats
    if row.why:
        found["why"] = row.why
    return found
