"use strict";
// Run by `cargo test -p lab-page script`.
const assert = require("node:assert/strict");
const zlib = require("node:zlib");
const page = require("../../assets/page.js");

const row = page.makeRow("job 0", [0, 100], [[60, 80, 0, 1, 0], [10, 30, 0, 0, 0]]);
assert.deepEqual([...row.start], [10, 60]);
assert.deepEqual([...row.busy], [0, 20, 40]);

// The first place above a value.
assert.deepEqual([0, 10, 35, 60, 99].map((at) => page.above(row.start, at)), [0, 1, 1, 2, 2]);

// Busy time before a moment, inside spans and between them.
assert.deepEqual([0, 10, 20, 30, 45, 70, 100].map((at) => page.busyBefore(row, at)), [0, 0, 10, 20, 20, 30, 40]);

// Shares of columns: a column is ten wide here, then twenty-five.
assert.deepEqual([...page.coverage(row, { from: 0, to: 100 }, 10)], [0, 1, 1, 0, 0, 0, 1, 1, 0, 0]);
const coarse = [...page.coverage(row, { from: 0, to: 100 }, 4)].map((share) => Math.round(100 * share));
assert.deepEqual(coarse, [60, 20, 60, 20]);
assert.deepEqual([...page.coverage(row, { from: 31, to: 59 }, 3)], [0, 0, 0]);
assert.deepEqual([...page.coverage(page.makeRow("none", null, []), { from: 0, to: 9 }, 2)], [0, 0]);

// A hundred thousand spans: as many columns, and no time is lost or made up.
const many = page.makeRow("many", null, Array.from({ length: 100000 }, (_, i) => [i * 10, i * 10 + 5, i, 0, 0]));
const shares = page.coverage(many, { from: 0, to: 1000000 }, 1000);
assert.ok(shares.every((share) => Math.abs(share - 0.5) < 1e-9));
assert.deepEqual(page.runs(shares), [{ first: 0, end: 1000, level: 4 }]);
// A little is the lowest level, never nothing.
assert.deepEqual(page.runs([0, 0.001, 0.001, 1, 0]), [{ first: 1, end: 3, level: 1 }, { first: 3, end: 4, level: 8 }]);

assert.equal(page.mostAtOnce([row, many]), 2);
// The span at a moment, the nearest within reach, or none.
assert.deepEqual([15, 45, 58, 31, 99, 5].map((at) => page.spanAt(row, at, 3)), [0, -1, 1, 0, -1, -1]);
assert.equal(page.spanAt(many, 500002, 0), 50000);

// Zooming keeps the time under the pointer where it is, and stays inside.
const half = page.zoomed({ from: 0, to: 1000 }, 0.5, 250, 1000);
assert.deepEqual(half, { from: 125, to: 625 });
assert.deepEqual(page.zoomed({ from: 0, to: 1000 }, 0.5, 0, 1000), { from: 0, to: 500 });
assert.deepEqual(page.zoomed(half, Infinity, 300, 1000), { from: 0, to: 1000 });
assert.deepEqual(page.zoomed({ from: 0, to: 200 }, 0.0001, 100, 1000), { from: 50, to: 150 });
assert.deepEqual(page.moved({ from: 100, to: 300 }, -500, 1000), { from: 0, to: 200 });
assert.deepEqual(page.moved({ from: 100, to: 300 }, 5000, 1000), { from: 800, to: 1000 });

// Numbers in words.
assert.deepEqual([5, 1234, 5.1e6, 2.5e9].map(page.time), ["5 ns", "1.23 µs", "5.10 ms", "2.50 s"]);
assert.deepEqual([page.moment(12345678, 1e3), page.moment(2e7, 1e7), page.moment(1500, 100)], ["12.346 ms", "20 ms", "1.5 µs"]);
assert.deepEqual(page.ticks({ from: 0, to: 95 }, 5), { step: 20, at: [0, 20, 40, 60, 80] });

// Rows of a recording: by job and by core.
const arm = { spans: true, jobs: [
  { job: 0, worker: 0, start: 0, end: 100, t: [10, 20, 30, 20], c: [0, 1] },
  { job: 1, worker: 1, start: 5, end: 60, t: [30, 30], c: [0] }] };
assert.deepEqual(page.rowsOf(arm, "job").map((one) => [one.label, ...one.start]), [["job 0", 10, 60], ["job 1", 30]]);
assert.deepEqual(page.rowsOf(arm, "core").map((one) => [one.label, ...one.job]), [["core 0", 0, 1], ["core 1", 0]]);
assert.equal(page.words(page.rowsOf(arm, "core")[0], 1), "job 1, worker 1, core 0: from 0.000 ms, for 30 ns");
// Without spans a job is one, on no known core.
const bare = { spans: false, jobs: [{ job: 0, worker: null, start: 7, end: 9, t: [], c: [] }] };
const [only] = page.rowsOf(bare, "core");
assert.deepEqual([only.label, only.start[0], only.end[0]], ["core ?", 7, 9]);
assert.equal(page.words(only, 0), "job 0, core not recorded: from 0.000 ms, for 2 ns");

// Very many jobs: a row per worker.
const crowd = { spans: false, jobs: Array.from({ length: 100 }, (_, i) => ({ job: i, worker: i % 2, start: i, end: i + 1, t: [], c: [] })) };
assert.deepEqual(page.rowsOf(crowd, "job").map((one) => [one.label, one.start.length]), [["worker 0", 50], ["worker 1", 50]]);

// What Rust packs, a browser unpacks.
const packed = zlib.gzipSync(JSON.stringify([{ name: "</script>" }])).toString("base64");
page.unpack(packed).then((found) => assert.deepEqual(JSON.parse(found), [{ name: "</script>" }]));
