"""Every graph that a test makes is held against what a well-formed graph is; Ctrl-C reaches what tests start."""

from __future__ import annotations

import signal

import pytest

from gradcli.core import spec
from gradcli.core.graph import Graph

LARGEST = 20_000  # nodes

# A shell starts what it runs in the background with the interrupt ignored, and so it would be in all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


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
