"""Texts of up to 10 MB that nobody should type: an answer or an error within 10 seconds and 1 GB.

The limits are what a user may rely on, not a measure of speed: each runs in a process of its own
that would be killed.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="limits on memory need POSIX")

TEN = 10_000_000
TEXTS = {
    "ten million open parentheses": f'"(" * {TEN}',
    "a million nested": '"(" * 1_000_000 + "x" + ")" * 1_000_000',
    "open brackets": f'"[" * {TEN // 3}',
    "minus signs": f'"-" * {TEN // 3} + "x"',
    "spaces": f'" " * {TEN}',
    "one name": f'"x" * {TEN}',
    "digits": f'"1" * {TEN}',
    "exponent": f'"1e" + "9" * {TEN}',
    "superscripts": f'"x" + "²" * {TEN}',
    "zeros": f"chr(0) * {TEN}",
    "newlines": f"chr(10) * {TEN // 3}",
    "comment": f'"#" * {TEN}',
    "quotes": f'"\'" * {TEN}',
    "prefixes": f'"np." * {TEN // 3}',
    "sum too long": f'"x+" * {TEN // 4}',
    "commas": f'"x," * {TEN // 8}',
    "chain of ifs": '"1 if x else " * 200_000 + "2"',
    "chain of comparisons": '"x<" * 200_000 + "2"',
    "doubling functions": '"f0(x)=x+x;" + "".join(f"f{i+1}(x)=f{i}(x)+f{i}(x);" for i in range(99)) + "f99(x)"',
    "power tower": '"9**9**9**9"',
    "an import": "\"__import__('os').system('echo no')\"",
    "bytes": 'bytes(range(256)).decode("latin-1") * 100',
    "lone surrogates": '"\\ud800" * 1000',
}
CODE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
import gradcli
try:
    f = gradcli.function(TEXT)
    f.evaluate(**dict.fromkeys(f.variables, 0.5))
except ValueError as error:
    print(type(error).__name__, len(str(error)))
"""


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text(name):
    code = CODE.replace("TEXT", TEXTS[name])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=900, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if done.stdout:  # a message stays readable, however long the text is
        kind, length = done.stdout.split()
        assert kind in ("ExpressionError", "UsageError")
        assert int(length) < 1000
