"""Pages of `gradcli explain`, played and changed in a browser: python tests/pages.py [NUMBER]

Every formula of `formulas.jsonl` becomes a page at its first point. In headless Chromium the page is played: at each
step every adjoint that is shown is the engine's. Then the fields get the next point, and the gradient that the page
computes is held against the 20 digits of the file, within its `direct` (twice that, and 16 ulp). Prints what was
compared and what was left out; exit status 1 where something differs.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from cli import gradcli
from helpers import data

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=600000", "--dump-dom",
)  # fmt: skip
DRIVER = """
<pre id="found"></pre>
<script>
const texts = JSON.parse(document.getElementById("pages").textContent);
const found = [];
function play(page, inputs) {
  const d = page.contentDocument, w = page.contentWindow, all = (s) => [...d.querySelectorAll(s)];
  const adjoints = {};
  for (const row of all("#steps tr[data-node]")) adjoints[row.dataset.node] = row.cells[3].textContent.trim();
  const slider = d.querySelector("#place"), wrong = [];
  let shown = 0;
  const before = {};
  for (let k = 0; k <= Number(slider.max); k++) {
    slider.value = k;
    slider.dispatchEvent(new w.Event("input"));
    for (const box of all("#graph div[data-node]")) {
      const told = /\\nadjoint (.*)$/.exec(box.title);
      if (told) { shown++; if (told[1] !== adjoints[box.dataset.node]) wrong.push([k, box.dataset.node, told[1]]); }
      if (before[box.dataset.node] && !told) wrong.push([k, box.dataset.node, "vanished"]);
      before[box.dataset.node] = Boolean(told);
    }
  }
  const missing = Object.keys(adjoints).filter((i) => adjoints[i] !== "" && !before[i]);
  const fields = all("input[data-variable]");
  for (const field of fields) {
    field.value = String(inputs[field.dataset.variable]);
    field.dispatchEvent(new w.Event("input"));
  }
  const grad = fields.length ? all("#gradient td").map((cell) => cell.textContent.trim()) : null;
  for (const field of fields) {
    field.value = field.defaultValue;
    field.dispatchEvent(new w.Event("input"));
  }
  for (const row of all("#steps tr[data-node]")) {
    const back = row.cells[3].textContent.trim();
    if (back !== adjoints[row.dataset.node]) wrong.push(["reset", row.dataset.node, back]);
  }
  const acts = { Home: 0, ArrowRight: 1, End: Number(slider.max), ArrowLeft: Number(slider.max) - 1 };
  for (const [key, place] of Object.entries(acts)) {
    d.body.dispatchEvent(new w.KeyboardEvent("keydown", { key, bubbles: true }));
    if (Number(slider.value) !== place) wrong.push([key, slider.value]);
  }
  for (const [button, place] of [["first", 0], ["next", 1], ["back", 0], ["last", Number(slider.max)], ["play", 0]]) {
    d.getElementById(button).click();
    if (Number(slider.value) !== place) wrong.push([button, slider.value]);
  }
  d.getElementById("play").click();
  return { steps: Number(slider.max), shown, wrong, missing, grad };
}
(async () => {
  for (const { text, inputs } of texts) {
    const page = document.createElement("iframe");
    const loaded = new Promise((done) => page.addEventListener("load", done));
    page.srcdoc = text;
    document.body.append(page);
    await loaded;
    try { found.push(play(page, inputs)); } catch (error) { found.push({ error: String(error.stack) }); }
    page.remove();
  }
  document.getElementById("found").textContent = JSON.stringify(found);
})();
</script>
"""


def pages(items: list[dict], folder: Path) -> list[str]:
    """The page of each formula at its first point."""
    found = []
    for item in items:
        at = ",".join(f"{x}={v!r}" for x, v in item["points"][0]["at"].items())
        path = folder / "page.html"
        result = gradcli("explain", item["expr"], "--at", at, "-o", str(path))
        assert result.status == 0, result.err
        found.append(path.read_text(encoding="utf-8"))
    return found


def played(texts: list[str], items: list[dict], folder: Path) -> list[dict]:
    """What the browser found on each page."""
    told = [{"text": text, "inputs": item["points"][1]["at"]} for text, item in zip(texts, items, strict=True)]
    body = json.dumps(told).replace("<", "\\u003c")
    path = folder / "driver.html"
    path.write_text(
        f'<meta charset="utf-8"><script id="pages" type="application/json">{body}</script>{DRIVER}', "utf-8"
    )
    command = [shutil.which("chromium") or "chromium", *FLAGS, f"--user-data-dir={folder / 'profile'}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=True)
    answer = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert answer, done.stdout[-2000:]
    return list(json.loads(html.unescape(answer[1])))


def main(count: int) -> int:
    """Play the first so many formulas."""
    if not shutil.which("chromium"):
        print("left out: chromium is not installed")
        return 0
    items = data("formulas.jsonl")[:count]
    wrong, left, numbers, shown = [], [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        texts = pages(items, Path(name))
        answers = played(texts, items, Path(name))
    for item, text, answer in zip(items, texts, answers, strict=True):
        if answer.get("error") or answer["wrong"] or answer["missing"] or not answer["shown"]:
            wrong.append(f"{item['id']}: {answer}")
            continue
        if re.search(r"https?:|//[a-z]|url\((?!#)", text):
            wrong.append(f"{item['id']}: a URL")
        shown += answer["shown"]
        if answer["grad"] is None:
            left.append(item["id"])
            continue
        point = item["points"][1]
        variables = re.findall(r"d/d([^<]+)</code>", text)
        truths = [Decimal(point["value"]), *[Decimal(point["grad"][x]) for x in variables]]
        bounds = [point["direct"][key] for key in ("value", *variables)]
        for key, got, truth, bound in zip(("value", *variables), answer["grad"], truths, bounds, strict=True):
            numbers += 1
            if abs(Decimal(got) - truth) > abs(truth) * Decimal(max(2 * bound, 16 * 2.0**-52)):
                wrong.append(f"{item['id']}: {key} is {got}, not {truth}")
    print(f"{len(items)} pages, {shown:,} adjoints shown, {numbers:,} numbers computed anew, {len(wrong)} wrong")
    for line in (*wrong, *[f"left out, JavaScript lacks a function: {x}" for x in left]):
        print(f"  {line[:400]}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1000))
