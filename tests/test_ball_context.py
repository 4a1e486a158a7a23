"""Balls in several threads: python-flint has one precision for all of them."""

from __future__ import annotations

import threading
import time

from flint import arb, ctx

from gradcli.domains import arb_special
from gradcli.domains.floats import rounded


def test_a_thread_keeps_its_precision_while_it_computes(monkeypatch):
    kept = []

    def slow(x: arb) -> arb:
        before = ctx.prec
        time.sleep(0.002)  # another thread may go on
        kept.append(ctx.prec == before)
        return arb(0, 1)  # never near enough: all precisions are tried

    monkeypatch.setitem(arb_special.PRIMITIVES, "zeta", slow)
    function = rounded("zeta")
    threads = [threading.Thread(target=function, args=(float(k),)) for k in range(4)]
    for thread in threads:
        thread.start()
        time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert kept == [True] * 20
