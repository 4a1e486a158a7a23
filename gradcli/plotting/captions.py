"""What is to be said of a curve: where its poles, jumps, kinks and holes are, and what in the text makes them."""

from __future__ import annotations

from gradcli.plotting.figure import Caption
from gradcli.plotting.ticks import place
from gradcli.text import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gradcli.plotting.curve import Curve, Place
    from gradcli.plotting.features import Feature

# So many of a kind have a sentence each; more are listed in one.
ONE_BY_ONE = {"pole": 1, "jump": 3, "kink": 3, "hole": 1, "edge": 3, "overflow": 3}
LISTED = 6
LOOKED_AT = 40  # whose notes are asked for
PLURALS = {"pole": "poles", "jump": "jumps", "kink": "kinks", "hole": "holes", "edge": "edges", "overflow": "overflows"}


def captions(curve: Curve) -> Iterator[Caption]:
    """The sentences, one for each place or for each piece of the text that does it at many."""
    name = curve.section.name
    groups: dict[tuple[str, str], list[tuple[Feature, Place]]] = {}
    counts: dict[str, int] = {}
    for feature in curve.features:
        counts[feature.kind] = counts.get(feature.kind, 0) + 1
        if counts[feature.kind] <= LOOKED_AT:
            place_ = curve.place(feature)
            groups.setdefault((feature.kind, place_.source), []).append((feature, place_))
    for kind, further in counts.items():
        alike = [key for key in groups if key[0] == kind]
        if len(alike) == 1:
            yield from _of_a_kind(name, kind, alike[0][1], groups[alike[0]], further)
            continue
        for key in alike:
            yield from _of_a_kind(name, kind, key[1], groups[key], len(groups[key]))
        if further > LOOKED_AT:
            yield Caption(f"{further - LOOKED_AT} more {PLURALS[kind]}", kind)


def _of_a_kind(
    name: str, kind: str, source: str, found: Sequence[tuple[Feature, Place]], count: int
) -> Iterator[Caption]:
    of = f" of {shown(source, 40)}" if source else ""
    if count <= ONE_BY_ONE[kind]:
        for feature, where in found:
            yield Caption(_sentence(name, feature, where, of), kind)
        return
    places = ", ".join(place(where.x) for _, where in found[:LISTED])
    more = f" and {count - LISTED} more" if count > LISTED else ""
    yield Caption(f"{PLURALS[kind]}{of} at {name} = {places}{more}", kind)


def _sentence(name: str, feature: Feature, where: Place, of: str) -> str:
    at = f"{name} = {place(where.x)}"
    left, right = feature.sides
    if feature.kind == "jump":
        return f"jump{of} at {at}: from {_brief(left)} to {_brief(right)}"
    if feature.kind == "kink":
        left, right = where.slopes or (left, right)
        return f"kink{of} at {at}: slope {_brief(left)} on the left, {_brief(right)} on the right"
    if feature.kind == "edge":
        side = "left" if left != left else "right"
        return f"no value{of} {side} of {at}"
    if feature.kind == "overflow":
        side = "left" if left - left != 0 else "right"
        return f"beyond float64 {side} of {at}"
    if feature.kind == "hole":
        return f"no value{of} at {at}; {_brief(left)} beside it"
    return f"pole{of} at {at}"


def _brief(x: float) -> str:
    """Six digits: what floats beside a place know of it; below 1e-9 it is 0 there."""
    return place(float(f"{x:.6g}") if abs(x) > 1e-9 else 0.0)
