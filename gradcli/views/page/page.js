"use strict";
(() => {
const all = (what, from = document) => [...from.querySelectorAll(what)];
const one = (what) => document.querySelector(what);
const parse = (cell, text = cell.textContent.trim()) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[text] ?? (text === "" || isNaN(text) ? text : Number(text));
const plain = (x) => x === 0 || (Math.abs(x) >= 1e-4 && Math.abs(x) < 1e16);
const show = (x) => typeof x === "string" ? x : x !== x ? "nan" : x - x !== 0 ? (x > 0 ? "inf" : "-inf")
  : x === 0 ? "0" : plain(x) ? String(x) : x.toExponential().replace(/e([+-])(\d)$/, "e$10$2"); // as Python has it
const brief = (x) => typeof x === "string" || x - x !== 0 ? show(x) : show(Number(x.toPrecision(6)));
const factor = (x) => show(x).startsWith("-") ? `(${show(x)})` : show(x);

// The numbers that the page came with stand in its tables: of each step value and adjoint, of each use local and sent.
const steps = all("#steps tr[data-node]").map((row) => {
  const [name, formula, value, adjoint] = row.cells;
  return { row, id: row.dataset.node, name: name.textContent, formula: formula.textContent, value, adjoint, uses: [] };
});
const step = Object.fromEntries(steps.map((s) => [s.id, s]));
const named = (cell) => steps.find((s) => s.name === cell.textContent);
const uses = all("#sent tr").slice(1).map((row, place) => {
  const [from, to, rule, slope, local, sent] = row.cells;
  const use = { row, from: named(from), to: named(to), rule: rule.textContent, slope: slope.textContent, local, sent };
  use.to.uses.push(place);
  return use;
});
const boxes = all("#graph [data-node]"), arrows = all("#graph [data-ends]");
const operations = steps.filter((s) => s.formula !== "input");
const result = step[one("#graph").dataset.result];
const fields = all("input[data-variable]"), slider = one("#place"), told = one("#told");
const came = fields.map((field) => field.value);
const given = {
  values: steps.map((s) => parse(s.value)), adjoints: steps.map((s) => parse(s.adjoint)),
  sents: uses.map((u) => parse(u.sent)), locals: uses.map((u) => parse(u.local)),
};
let now = given, place = operations.length + 1 + uses.length, timer = null, fresh = true;
const last = place;

function computed(inputs) { // as the engine does it: no slope where there is no value, and 0 where nothing is sent
  const found = f(...inputs), n = steps.length, m = uses.length;
  const values = found.slice(0, n), adjoints = found.slice(n, 2 * n);
  const sents = found.slice(2 * n, 2 * n + m), locals = found.slice(2 * n + m);
  const at = steps.indexOf(result);
  if (values[at] !== values[at]) for (const numbers of [adjoints, sents, locals]) numbers.fill(NaN);
  uses.forEach((use, k) => {
    if (sents[k] === 0 && isNaN(adjoints[steps.indexOf(use.from)] * locals[k])) locals[k] = 0;
  });
  return { values, adjoints: adjoints.map((x, k) => given.adjoints[k] === "" ? "" : x), sents, locals };
}

function fill() { // the tables
  steps.forEach((s, k) => {
    s.value.textContent = show(now.values[k]);
    s.adjoint.textContent = show(now.adjoints[k]);
  });
  uses.forEach((use, k) => {
    use.local.textContent = show(now.locals[k]);
    use.sent.textContent = show(now.sents[k]);
  });
  const number = (s, numbers) => show(numbers[steps.indexOf(s)]);
  for (const cell of all("#gradient td[data-of]")) {
    const s = step[cell.dataset.of];
    if (!s) continue;
    cell.textContent = number(s, cell.className === "v" ? now.values : now.adjoints) || "0";
  }
}

function sum(to, until) { // what a step was sent so far
  const terms = to.uses.filter((k) => k <= until).map((k) => now.sents[k]);
  if (terms.length > 6) return `the sum of ${terms.length} terms`;
  return terms.map((x, k) => k === 0 ? show(x) : show(x).startsWith("-") ? ` - ${show(x).slice(1)}` : ` + ${show(x)}`).join("");
}

function sentence() {
  const f = operations.length;
  if (fresh) return "Play, or the arrow keys, to see step by step how the value and the gradient come about.";
  if (place === 0) return "The inputs are given. Forward: each step is computed from the inputs and the steps before it.";
  if (place <= f) {
    const s = operations[place - 1];
    return `Forward, ${place} of ${f}: ${s.name} = ${s.formula} = ${show(now.values[steps.indexOf(s)])}`;
  }
  if (place === f + 1) return `Backward: the adjoint of ${result.name}, the result, by itself is ${show(now.adjoints[steps.indexOf(result)])}.`;
  const k = place - f - 2, use = uses[k], to = use.to, adjoint = show(now.adjoints[steps.indexOf(use.from)]);
  const slope = use.slope ? `${use.slope}, here ` : "";
  const product = now.locals[k] === "" ? "" : `${adjoint} * ${factor(now.locals[k])} = `;
  const rest = to.uses.at(-1) > k;
  const total = to.uses.length < 2 ? "" : rest ? ` ${to.name} so far: ${sum(to, k)}; more is to come.`
    : ` The adjoint of ${to.name}: ${sum(to, k)} = ${show(now.adjoints[steps.indexOf(to)])}.`;
  return `Backward, ${k + 1} of ${uses.length}: ${use.from.name} = ${use.from.formula} has the adjoint ${adjoint}. ` +
    `To ${to.name} by the ${use.rule}${now.locals[k] === "" ? "" : `: ${slope}${show(now.locals[k])}`}. It sends ${product}${show(now.sents[k])}.${total}`;
}

function draw() { // the state after so many steps
  const f = operations.length, sent = place - f - 2, forward = place <= f;
  const from = fresh ? null : forward ? operations[place - 1] : sent >= 0 ? uses[sent].from : result;
  const to = !fresh && !forward && sent >= 0 ? uses[sent].to : null;
  const known = (s) => s.formula === "input" || operations.indexOf(s) < place;
  const slope = (s) => !forward && (s === result || s.uses.length > 0) && (s === result || s.uses.at(-1) <= sent);
  for (const box of boxes) {
    const s = step[box.dataset.node];
    if (!s) continue;
    const k = steps.indexOf(s), [value, adjoint] = [box.querySelector("i"), box.querySelector("u")];
    value.textContent = known(s) ? brief(now.values[k]) : "";
    adjoint.textContent = slope(s) ? brief(now.adjoints[k]) : "";
    box.title = `${s.name} = ${s.formula}`.replace(" = input", "") + (known(s) ? `\nvalue ${show(now.values[k])}` : "") + (slope(s) ? `\nadjoint ${show(now.adjoints[k])}` : "");
    box.classList.toggle("now", s === from);
    box.classList.toggle("to", s === to);
  }
  for (const arrow of arrows) {
    const [start, end] = arrow.dataset.ends.split("-");
    arrow.classList.toggle("now", from?.id === end && (forward || to?.id === start));
  }
  for (const s of steps) {
    s.row.classList.toggle("later", !known(s));
    s.row.classList.toggle("now", forward && s === from);
    s.adjoint.style.opacity = slope(s) ? 1 : 0;
  }
  uses.forEach((use, k) => {
    use.row.classList.toggle("later", k > sent);
    use.row.classList.toggle("now", !fresh && k === sent);
  });
  one("#graph").classList.toggle("forward", forward);
  told.classList.toggle("forward", forward);
  told.textContent = sentence();
  slider.value = place;
  one("#play").textContent = timer ? "Pause" : "Play";
}

function go(to) {
  fresh = false;
  place = Math.max(0, Math.min(last, to));
  if (place === last && timer) stop();
  draw();
  const box = one("#graph div.now"), frame = one("#graph").parentElement;
  if (box) frame.scrollTo(box.offsetLeft + box.offsetWidth / 2 - frame.clientWidth / 2, box.offsetTop + box.offsetHeight / 2 - frame.clientHeight / 2);
}
function stop() { clearInterval(timer); timer = null; draw(); }
function play() {
  if (timer) return stop();
  timer = setInterval(() => go(place + 1), 1300);
  go(place === last ? 0 : place + 1);
}
const acts = { first: () => go(0), back: () => go(place - 1), play, next: () => go(place + 1), last: () => go(last) };
const keys = { Home: "first", ArrowLeft: "back", " ": "play", ArrowRight: "next", End: "last" };
for (const name of Object.keys(acts)) one(`#${name}`).addEventListener("click", acts[name]);
slider.max = last;
slider.addEventListener("input", () => go(Number(slider.value)));
document.addEventListener("keydown", (event) => {
  if (/^(INPUT|BUTTON)$/.test(event.target.tagName) || event.ctrlKey || event.altKey || event.metaKey || !keys[event.key]) return;
  event.preventDefault();
  acts[keys[event.key]]();
});
function typed() {
  const inputs = fields.map((field) => field.value === "" ? NaN : Number(field.value));
  const same = fields.every((field, k) => field.value === came[k]);
  now = same ? given : computed(inputs);
  document.documentElement.classList.toggle("changed", !same);
  fill();
  draw();
}
for (const field of fields) field.addEventListener("input", typed);
one("form")?.addEventListener("reset", () => setTimeout(typed));
document.documentElement.classList.add("js");
draw();
})();
