"""An open bracket of the parser."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gradcli.core.op import Op
    from gradcli.language.scope import Definition


class Frame:
    """An open bracket: its kind, where it stands, and what was read in it so far."""

    __slots__ = ("arguments", "function", "kind", "method", "name", "names", "open", "parts", "prefix", "start")

    def __init__(self, kind: str, opened: int) -> None:
        self.kind = kind  # statement, group, call, array or index
        self.open = opened
        self.arguments: list[int] = []
        self.parts: list[int] = []  # of a slice
        # Where a call or a slice starts; of a call what it calls under which name and prefix, and its keywords' names.
        self.start = opened
        self.function: Op | Definition | None = None
        self.name = ""
        self.prefix = ""
        self.method = False
        self.names: dict[int, str] = {}
