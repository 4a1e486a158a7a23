"""Start-up of the command against bare Python and maxima: python tests/benchmarks/start_up.py

Run it in an environment into which a wheel was installed (not -e), once before to write the
.pyc files. Wanted: maxima takes at least 2.6 times as long, 3 times as the goal. The script `gradcli` is written by the
installer: one of pip 23 imports `re` before us (a fifth of the time), one of a newer pip nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig

from peers import interleaved, ratios


def command(*words: str) -> object:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=environment)


def main() -> None:
    gradcli = shutil.which("gradcli", path=sysconfig.get_path("scripts"))
    if gradcli is None:
        sys.exit("install gradcli into this environment first")
    candidates = {
        "gradcli grad --json": command(gradcli, "grad", "x**2+3*x+1", "--at", "x=2", "--json"),
        "python -c pass": command(sys.executable, "-c", "pass"),
    }
    if shutil.which("maxima"):
        batch = "--batch-string=subst(x=2,diff(x^2+3*x+1,x));"
        candidates["maxima"] = command("maxima", "--very-quiet", batch)
    for run in candidates.values():
        run()
    ratios(interleaved(candidates, rounds=40), "gradcli grad --json", 1e-3, "ms")


if __name__ == "__main__":
    main()
