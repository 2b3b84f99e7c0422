import assert from "node:assert/strict";
import { test } from "node:test";
import { abandoned, bars, formula, now, overload, seatCounts, sum } from "../src/core/figures.ts";
import { call, figures, half, project, seat } from "./rows.ts";

test("lines in use: every call but those within the house and those only written up", () => {
  const calls = [
    call("1", { state: "IVR" }),
    call("2", { state: "QUEUED" }),
    call("3", { state: "TALKING", direction: "out" }),
    call("4", { state: "HELD" }),
    call("5", { state: "WRAP_UP" }),
    call("6", { state: "TALKING", direction: "internal" }),
    call("7", { state: "RINGING", direction: "callback" }),
    call("8", { state: "TRANSFERRED" }),
  ];
  assert.deepEqual(now(calls), { ivr: 1, waiting: 1, talking: 3, lines: 6 });
});

test("the formula has every outcome of the contract, and the short abandons apart", () => {
  const today = figures("p", 90, 97, { outcomes: { answered: 90, abandoned_queue: 10, closed: 40 } });
  const written = formula(project("p").promise, today);
  assert.deepEqual(written.above, [{ outcome: "answered", calls: 90 }]);
  assert.deepEqual(
    written.below.map((term) => term.calls),
    [90, 10, 0],
  );
  assert.deepEqual([written.short, written.answered, written.counted], [3, 90, 97]);
});

test("abandoned and overload", () => {
  const today = figures("p", 0, 0, {
    outcomes: { abandoned_queue: 4, abandoned_ivr: 2, overflowed: 3, blocked: 1 },
  });
  assert.deepEqual(abandoned(today), { queue: 4, ivr: 2 });
  assert.equal(overload(today), 4);
});

test("a half-hour exactly at the promise has kept it", () => {
  const projects = new Map([["p", project("p", 0.7)]]);
  const [exact, under] = bars([half("p", 0, 7, 10), half("p", 1800, 6, 10)], projects);
  assert.deepEqual([exact?.under, under?.under], [false, true]);
});

test("half-hours of several projects: each owes its own promise", () => {
  const projects = new Map([project("a", 0.9), project("b", 0.5)].map((one) => [one.id, one]));
  const halves = [half("b", 0, 5, 10), half("a", 0, 9, 10), half("a", 1800, 8, 10), half("x", 0, 0, 99)];
  const told = bars(halves, projects);
  assert.deepEqual(
    told.map((bar) => [bar.start, bar.answered, bar.counted, bar.under]),
    [
      [0, 14, 20, false],
      [1800, 8, 10, true],
    ],
  );
});

test("a half-hour in which nobody counts has no rate and is not below anything", () => {
  const [bar] = bars([half("p", 0, 0, 0)], new Map([["p", project("p")]]));
  assert.deepEqual([bar?.rate, bar?.under], [null, false]);
});

test("several projects together: the rate of all their calls, and how many are below", () => {
  const projects = new Map([project("a"), project("b"), project("c")].map((one) => [one.id, one]));
  const told = sum([figures("a", 95, 100), figures("b", 8, 10), figures("c", 0, 0)], projects);
  assert.deepEqual(told, { answered: 103, counted: 110, rate: 103 / 110, under: 1 });
  assert.equal(sum([], projects).rate, null);
});

test("seats by state", () => {
  assert.deepEqual(seatCounts([seat("1"), seat("2"), seat("3", { state: "BREAK" })]), { READY: 2, BREAK: 1 });
});
