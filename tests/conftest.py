"""Every graph that a test makes is held against what a well-formed graph is; Ctrl-C reaches what tests start; sympy
waits for the witnesses of this process."""

from __future__ import annotations

import os
import signal

import pytest
from fuzz import ready
from hypothesis import settings

from gradcli.core import spec
from gradcli.core.graph import Graph

LARGEST = 20_000  # nodes

# Threads of BLAS wait for each other where tests already keep all cores busy: minimising took four times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The gate asks the same of every state; runs by hand search on.
settings.register_profile("gate", derandomize=True)
if "GRADCLI_REQUIRE_DATA" in os.environ:
    settings.load_profile("gate")

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


@pytest.fixture(autouse=True, scope="session")
def _sympy_ready():
    """A child that loads sympy itself takes half a second; processes that tests start have such children."""
    with ready.sympy():
        yield
