"use strict";
// The timeline: recorded spans on a canvas of the size of the screen. Nothing here asks the network.
// First pure functions, which tests call under node; then what belongs to the page.

/** What was packed: base64 of gzip of a text. */
async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed.trim()), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** A row of spans in order of time, from a list of [start, end, job, core, worker]. `busy[i]` is the sum of the first i lengths. */
function makeRow(label, begun, list) {
  list.sort((a, b) => a[0] - b[0]);
  const column = (at) => list.map((span) => span[at]);
  const row = { label, begun, start: Float64Array.from(column(0)), end: Float64Array.from(column(1)),
    job: column(2), core: column(3), worker: column(4), busy: new Float64Array(list.length + 1) };
  list.forEach(([start, end], i) => (row.busy[i + 1] = row.busy[i] + (end - start)));
  return row;
}

/** The rows of an arm: one per job (of very many: per worker), or per core. Where no spans were recorded, a job is one span. */
function rowsOf(arm, by) {
  const jobs = arm.jobs.map((job) => {
    const list = arm.spans ? [] : [[job.start, job.end, job.job, -1, job.worker]];
    let at = 0;
    for (let i = 0; i < job.c.length; i++) {
      const start = at + job.t[2 * i];
      at = start + job.t[2 * i + 1];
      list.push([start, at, job.job, job.c[i], job.worker]);
    }
    return { job, list };
  });
  const isMany = by === "job" && jobs.length > 64;
  if (by === "job" && !isMany) return jobs.map(({ job, list }) => makeRow(`job ${job.job}`, [job.start, job.end], list));
  const groups = new Map();
  for (const span of jobs.flatMap(({ list }) => list)) {
    const key = span[isMany ? 4 : 3] ?? -1;
    groups.set(key, groups.get(key) || []).get(key).push(span);
  }
  const name = (key) => `${isMany ? "worker" : "core"} ${key < 0 ? "?" : key}`;
  return [...groups.keys()].sort((a, b) => a - b).map((key) => makeRow(name(key), null, groups.get(key)));
}

/** How many of these rows run at the same instant at most. */
function mostAtOnce(rows) {
  const steps = rows.flatMap((row) => [...[...row.start].map((at) => [at, 1]), ...[...row.end].map((at) => [at, -1])]);
  let [count, most] = [0, 0];
  for (const [, step] of steps.sort((a, b) => a[0] - b[0] || a[1] - b[1])) most = Math.max(most, (count += step));
  return most;
}

/** The first place in a sorted list whose value is above `value`. */
function above(list, value) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] > value) high = middle; else low = middle + 1;
  }
  return low;
}

/** How long the row was busy before `time`: a binary search, so a column costs the same however many spans it hides. */
function busyBefore(row, time) {
  const i = above(row.start, time);
  return i === 0 ? 0 : row.busy[i] - Math.max(0, row.end[i - 1] - time);
}

/** Of each of `width` columns of the view the share of it in which the row was busy, from 0 to 1. */
function coverage(row, view, width) {
  const shares = new Float64Array(width), step = (view.to - view.from) / width;
  let before = busyBefore(row, view.from);
  for (let x = 0; x < width; x++) {
    const after = busyBefore(row, view.from + (x + 1) * step);
    shares[x] = Math.max(0, (after - before) / step);
    before = after;
  }
  return shares;
}

/** Runs of columns with the same level, in eighths. A little is the lowest level, never nothing. */
function runs(shares) {
  const found = [];
  for (let x = 0; x < shares.length; x++) {
    const level = shares[x] > 1e-9 ? Math.max(1, Math.round(8 * Math.min(1, shares[x]))) : 0;
    const last = found[found.length - 1];
    if (last && last.end === x && last.level === level) last.end++;
    else if (level) found.push({ first: x, end: x + 1, level });
  }
  return found;
}

/** The span of the row at this time, or the nearest within `reach` on either side; -1 if there is none. */
function spanAt(row, time, reach) {
  const i = above(row.start, time) - 1;
  if (i >= 0 && row.end[i] >= time) return i;
  const before = i >= 0 ? time - row.end[i] : Infinity;
  const after = i + 1 < row.start.length ? row.start[i + 1] - time : Infinity;
  if (Math.min(before, after) > reach) return -1;
  return before <= after ? i : i + 1;
}

/** The view moved by a time, inside the whole. */
function moved(view, by, whole) {
  const length = view.to - view.from;
  const from = Math.min(Math.max(0, view.from + by), Math.max(0, whole - length));
  return { from, to: from + length };
}

/** The view zoomed by a factor around a time, inside the whole, and not below 100 ns. */
function zoomed(view, factor, around, whole) {
  const length = Math.min(whole, Math.max(100, (view.to - view.from) * factor));
  const share = (around - view.from) / (view.to - view.from);
  return moved({ from: around - share * length, to: around + (1 - share) * length }, 0, whole);
}

/** A length of time in three digits with its unit. */
function time(ns) {
  const [value, unit] = ns < 1e3 ? [ns, "ns"] : ns < 1e6 ? [ns / 1e3, "µs"] : ns < 1e9 ? [ns / 1e6, "ms"] : [ns / 1e9, "s"];
  return `${unit === "ns" ? Math.round(value) : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${unit}`;
}

/** A moment, as exact as the step asks. */
function moment(ns, step) {
  const [unit, name] = step < 1e3 ? [1e3, "µs"] : [1e6, "ms"];
  return `${(ns / unit).toFixed(Math.max(0, Math.min(3, Math.ceil(-Math.log10(step / unit) - 1e-9))))} ${name}`;
}

/** Round moments for an axis with about `count` of them. */
function ticks(view, count) {
  const rough = (view.to - view.from) / count, power = 10 ** Math.floor(Math.log10(rough)), at = [];
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough);
  for (let i = Math.ceil(view.from / step); i * step <= view.to; i++) at.push(i * step);
  return { step, at };
}

/** A span in words. */
function words(row, i) {
  const core = row.core[i] < 0 ? "core not recorded" : `core ${row.core[i]}`;
  const worker = row.worker[i] === null ? "" : `, worker ${row.worker[i]}`;
  return `job ${row.job[i]}${worker}, ${core}: from ${moment(row.start[i], 1e3)}, for ${time(row.end[i] - row.start[i])}`;
}

const HEAD = 22, STEPS = 46, AXIS = 26, LABELS = 74, PLAY = "Play at 1/100 of the speed";
const JOBS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#A89B00", "#7A7A7A"];
/** A picture of recordings: what is shown, how it is drawn, and what moves it. Its lists or its sliders choose the arms. */
function begin(root) {
  const find = (id) => document.getElementById(`${root.id}-${id}`), sliders = [...root.querySelectorAll("input[type=range]")];
  const experiments = find("experiment"), lists = [find("above"), find("below")].filter(Boolean), name = () => (experiments ? experiments.value : root.id);
  const canvas = find("canvas"), tip = find("tip"), said = find("said"), context = canvas.getContext("2d");
  const packed = new Map([...root.querySelectorAll("script")].map((one) => [one.dataset.name, one.textContent])), recordings = new Map();
  const state = { panels: [], view: { from: 0, to: 1 }, whole: 1, row: 0, span: -1, playing: null, frames: 0 };
  let width = 0, height = 0, asked = false, ink, soft, hair, ground;

  const across = () => Math.max(50, Math.floor(width - LABELS - 6));
  const length = () => state.view.to - state.view.from;
  const toX = (at) => LABELS + ((at - state.view.from) / length()) * across();
  const toTime = (x) => state.view.from + ((x - LABELS) / across()) * length();
  const inside = (x) => Math.min(LABELS + across(), Math.max(LABELS, x));
  const rowHeight = (panel) => Math.max(4, Math.min(20, Math.floor(230 / Math.max(1, panel.rows.length))));
  const rowY = (panel, i) => panel.y + HEAD + i * rowHeight(panel);
  const allRows = () => state.panels.flatMap((panel) => panel.rows.map((row, i) => ({ panel, row, y: rowY(panel, i) })));

  function redraw() {
    if (!asked) asked = !!requestAnimationFrame(() => ((asked = false), draw()));
  }

  function layout() {
    let y = 0;
    for (const panel of state.panels) {
      panel.y = y;
      y += HEAD + panel.rows.length * rowHeight(panel) + STEPS + 8;
    }
    [width, height] = [canvas.clientWidth, y + AXIS];
    const dots = window.devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    [canvas.width, canvas.height] = [Math.round(width * dots), Math.round(height * dots)];
    context.setTransform(dots, 0, 0, dots, 0, 0);
    redraw();
  }

  function text(words, x, y, colour, font = "12px", most) {
    Object.assign(context, { font: `${font} system-ui, sans-serif`, fillStyle: colour }).fillText(words, x, y, most);
  }

  function fill(colour, x, y, wide, high, share = 1) {
    context.globalAlpha = share;
    context.fillStyle = colour;
    context.fillRect(x, y, wide, high);
    context.globalAlpha = 1;
  }

  function draw() {
    const style = getComputedStyle(root);
    [ink, soft, hair, ground] = ["--ink", "--soft", "--hair", "--ground"].map((name) => style.getPropertyValue(name));
    context.clearRect(0, 0, width, height);
    context.textBaseline = "middle";
    const axis = ticks(state.view, Math.max(2, across() / 110));
    for (const at of axis.at) fill(hair, toX(at), HEAD, 1, height - AXIS - HEAD);
    for (const panel of state.panels) drawPanel(panel);
    context.textAlign = "center";
    for (const at of axis.at) if (toX(at) < width - 24) text(moment(at, axis.step), toX(at), height - AXIS / 2, soft);
    context.textAlign = "left";
    const { panel, row, y } = allRows()[state.row] || {};
    if (row && state.span >= 0) {
      const [from, to] = [row.start[state.span], row.end[state.span]].map((at) => inside(toX(at)));
      Object.assign(context, { strokeStyle: ink, lineWidth: 2 });
      context.strokeRect(from - 1, y, Math.max(2, to - from) + 2, rowHeight(panel));
      context.lineWidth = 1;
    }
    if (state.playing) {
      // What is yet to come is hidden.
      const x = inside(toX(state.playing.at));
      fill(ground, x, HEAD, Math.max(0, width - x), height - AXIS - HEAD, 0.85);
      fill(ink, x, HEAD, 2, height - AXIS - HEAD);
    }
    state.frames++;
  }

  function drawPanel(panel) {
    const high = rowHeight(panel), total = new Float64Array(across()), step = length() / across();
    const colour = panel.arm.colour === "#1F1F1F" ? ink : panel.arm.colour;
    text(panel.arm.name, 2, panel.y + 11, ink, "600 13px", width - 4);
    panel.rows.forEach((row, i) => {
      const y = rowY(panel, i), shares = coverage(row, state.view, total.length);
      if (i % Math.ceil(12 / high) === 0) text(row.label, 2, y + high / 2, soft);
      if (row.begun) {
        const [from, to] = row.begun.map((at) => inside(toX(at)));
        fill(colour, from, y + 1, to - from, high - 2, 0.22);
      }
      for (const run of runs(shares)) {
        // In the row of a core a colour is a job: that of the span in the middle.
        const at = row.begun ? -1 : spanAt(row, state.view.from + ((run.first + run.end) / 2) * step, Infinity);
        fill(at < 0 ? colour : JOBS[row.job[at] % JOBS.length], LABELS + run.first, y + 1, run.end - run.first, Math.max(2, high - 2), 0.22 + 0.78 * (run.level / 8));
      }
      shares.forEach((share, x) => (total[x] += share));
    });
    drawSteps(panel, total, rowY(panel, panel.rows.length) + 6);
  }

  /** How many ran at once, on average in each column; the cores as a dashed line. */
  function drawSteps(panel, total, top) {
    const high = STEPS - 10, most = Math.max(panel.arm.cores, panel.most), base = top + high;
    const level = (count) => base - (count / most) * (high - 4);
    const line = (colour, dash, points) => {
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.beginPath();
      points.forEach((count, x) => (x ? context.lineTo(LABELS + x, level(count)) : context.moveTo(LABELS, level(count))));
      context.stroke();
      context.setLineDash([]);
    };
    fill(hair, LABELS, base, total.length, 1);
    text("at once", 2, base - high / 2, soft);
    context.textAlign = "right";
    text("0", LABELS - 6, base - 3, soft);
    text(String(most), LABELS - 6, level(most) + 3, soft);
    context.textAlign = "left";
    line(soft, [3, 3], total.map(() => panel.arm.cores));
    line(ink, [], total);
  }

  /** Plays what is in view at a hundredth of its speed; again stops it. */
  function play() {
    const playing = state.playing ? null : { at: state.view.from, since: null };
    state.playing = playing;
    [find("play").textContent, said.ariaLive] = playing ? ["Stop", "off"] : [PLAY, "polite"];
    const count = (panel) => panel.rows.filter((row) => spanAt(row, playing.at, 0) >= 0).length;
    const next = (now) => {
      if (state.playing !== playing || !playing) return redraw();
      playing.since ??= now;
      playing.at = state.view.from + ((now - playing.since) * 1e6) / 100;
      if (playing.at > state.view.to) return play();
      said.textContent = `${moment(playing.at, 1e5)}: ${state.panels.map((panel) => `${panel.arm.name}: ${count(panel)} running`).join("; ")}`;
      draw();
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }

  function choose(index, span, speaks) {
    Object.assign(state, { row: index, span });
    const { panel, row } = allRows()[index] || {};
    if (speaks && row) said.textContent = span < 0 ? `${panel.arm.name}, ${row.label}` : words(row, span);
    redraw();
  }

  function hover(event) {
    const { left, top } = canvas.getBoundingClientRect(), [x, y] = [event.clientX - left, event.clientY - top];
    const rows = allRows(), index = rows.findIndex((one) => y >= one.y && y < one.y + rowHeight(one.panel));
    const span = index < 0 || x < LABELS ? -1 : spanAt(rows[index].row, toTime(x), (3 * length()) / across());
    if ((tip.hidden = span < 0)) return;
    tip.textContent = words(rows[index].row, span);
    Object.assign(tip.style, { left: `${Math.max(0, Math.min(x + 12, width - tip.offsetWidth - 4))}px`, top: `${y + 16}px` });
    choose(index, span, false);
  }

  const look = (view) => (Object.assign(state, { view }), (tip.hidden = true), redraw());
  const zoom = (factor, around = (state.view.from + state.view.to) / 2) => look(zoomed(state.view, factor, around, state.whole));
  const pan = (by) => look(moved(state.view, by, state.whole));
  const toRow = (step) => choose(Math.max(0, Math.min(allRows().length - 1, state.row + step)), -1, true);
  const toSpan = (step) => {
    const { row } = allRows()[state.row] || {};
    if (!row || !row.start.length) return;
    const next = state.span < 0 ? above(row.end, state.view.from) : state.span + step;
    const span = Math.max(0, Math.min(row.start.length - 1, next)), at = (row.start[span] + row.end[span]) / 2;
    if (at < state.view.from || at > state.view.to) pan(at - (state.view.from + state.view.to) / 2);
    choose(state.row, span, true);
  };
  const keys = { ArrowLeft: () => pan(-0.2 * length()), ArrowRight: () => pan(0.2 * length()), ArrowUp: () => toRow(-1), ArrowDown: () => toRow(1),
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => zoom(Infinity), ".": () => toSpan(1), ",": () => toSpan(-1), " ": play };
  const fingers = new Map();
  const pinch = ([a, b = a] = [...fingers.values()]) => ({ gap: Math.max(20, Math.abs(a - b)), middle: (a + b) / 2 });
  const on = {
    pointerdown(event) {
      fingers.set(event.pointerId, event.offsetX);
      canvas.setPointerCapture(event.pointerId);
      hover(event);
    },
    pointerup: (event) => fingers.delete(event.pointerId),
    pointercancel: (event) => fingers.delete(event.pointerId),
    pointerleave: (event) => (tip.hidden ||= event.pointerType !== "touch"), // A finger leaves with every tap.
    pointermove(event) {
      if (!fingers.has(event.pointerId)) return hover(event);
      const old = pinch(), now = pinch([...fingers.set(event.pointerId, event.offsetX).values()]);
      zoom(old.gap / now.gap, toTime(old.middle));
      pan(toTime(old.middle) - toTime(now.middle));
    },
    wheel(event) {
      // A wheel that only passes by scrolls the page.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
      event.preventDefault();
      zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200), toTime(event.offsetX));
    },
    dblclick: (event) => zoom(0.4, toTime(event.offsetX)),
    keydown(event) {
      if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    },
  };
  for (const name of Object.keys(on)) canvas.addEventListener(name, on[name], { passive: false });

  /** Shows the arms that are chosen, from their beginning to their end. */
  function arrange() {
    if (state.playing) play();
    const { arms, left } = recordings.get(name()) || { arms: [] }, by = root.querySelector("input[type=radio]:checked").value;
    const chosen = sliders.length ? arms.filter(({ at }) => !at || sliders.every((slider, i) => (at[i] ?? Number(slider.value)) === Number(slider.value))) : lists.map(({ value }) => arms[value]).filter(Boolean);
    const panel = (arm) => ({ arm, rows: rowsOf(arm, by), most: mostAtOnce(rowsOf(arm, "job")) });
    // With sliders all arms share an axis, and what one looks at stays in view.
    const whole = Math.max(1, ...(sliders.length ? arms : chosen).map((arm) => Math.max(arm.makespan, ...arm.jobs.map((job) => job.end))));
    Object.assign(state, { panels: chosen.map(panel), whole, view: sliders.length && whole === state.whole ? state.view : { from: 0, to: whole }, row: 0, span: -1 });
    for (const slider of sliders) slider.ariaValueText = slider.nextElementSibling.textContent = slider.dataset.words.split("|")[slider.value];
    const notes = chosen.some((arm) => !arm.spans) ? ["Here it was recorded when jobs began and ended, not when they ran in between."] : [];
    for (const arm of chosen) if (arm.cut) notes.push(`${arm.name}: too many spans for this page; what began after ${time(arm.cut)} is in the tables alone.`);
    if (left) notes.push(`${left} more variants are in the tables of data/${name()} alone.`);
    find("note").textContent = notes.join(" ");
    layout();
  }

  /** Shows an experiment: its first arm with several workers, above the same in the last other runtime. */
  async function open() {
    const wanted = name();
    if (!recordings.has(wanted)) recordings.set(wanted, JSON.parse(await unpack(packed.get(wanted))));
    if (name() !== wanted) return;
    const { arms } = recordings.get(wanted), [runtime, what] = [(arm) => arm.name.split(",")[0], (arm) => arm.name.replace(/^[^,]*/, "")];
    const option = (arm, value) => Object.assign(document.createElement("option"), { textContent: arm.name, value });
    const first = Math.max(0, arms.findIndex((arm) => !/one after another/.test(arm.name)));
    const other = arms.findLastIndex((arm) => what(arm) === what(arms[first]) && runtime(arm) !== runtime(arms[first]));
    lists.forEach((list, i) => {
      list.replaceChildren(...arms.map(option), ...(i ? [option({ name: "nothing" }, -1)] : []));
      list.value = i === 0 ? first : other >= 0 ? other : first + 1 < arms.length ? first + 1 : -1;
    });
    arrange();
  }
  for (const [id, act] of Object.entries({ in: () => zoom(0.5), out: () => zoom(2), all: () => zoom(Infinity), play })) find(id).addEventListener("click", act);
  if (experiments) experiments.addEventListener("change", open);
  for (const choice of [...lists, ...root.querySelectorAll("input")]) choice.addEventListener(choice.type === "range" ? "input" : "change", arrange);
  for (const link of experiments ? document.querySelectorAll("a[data-recording]") : []) link.addEventListener("click", () => ((experiments.value = link.dataset.recording), open()));
  new ResizeObserver(layout).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  root.classList.add("ready");
  window[root.id] = { state, toX, allRows, draw };
  return open();
}

if (typeof document === "undefined") {
  module.exports = { unpack, makeRow, rowsOf, mostAtOnce, above, busyBefore, coverage, runs, spanAt, zoomed, moved, time, moment, ticks, words };
} else {
  const canUnpack = typeof DecompressionStream !== "undefined", tables = document.querySelectorAll("a[download$='.gz']");
  for (const root of canUnpack ? document.querySelectorAll(".recorded") : []) begin(root).catch((error) => (root.classList.remove("ready"), console.error(error)));
  // A table is saved as it is, not packed.
  for (const link of canUnpack ? tables : []) link.addEventListener("click", async (event) => {
    event.preventDefault();
    const table = new Blob([await unpack(link.href.split(",")[1])], { type: "text/csv" });
    Object.assign(link, { download: link.download.slice(0, -3), href: URL.createObjectURL(table) }).click();
  }, { once: true });
  const show = () => document.querySelectorAll(".answer").forEach((one) => (one.open = true));
  addEventListener("beforeprint", show);
  Object.assign(document.getElementById("open-all"), { hidden: false, onclick: show });
}
