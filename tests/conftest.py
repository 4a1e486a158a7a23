"""Every graph that a test makes is held against what a well-formed graph is."""

from __future__ import annotations

import pytest

from gradcli.core import spec
from gradcli.core.graph import Graph

LARGEST = 20_000  # nodes


@pytest.fixture(autouse=True, scope="session")
def _well_formed():
    plain = Graph.__init__

    def checked(self, *parts):
        plain(self, *parts)
        if len(self.nodes) <= LARGEST:
            assert not spec.faults(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Graph, "__init__", checked)
        yield
