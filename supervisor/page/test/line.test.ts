import assert from "node:assert/strict";
import { test } from "node:test";
import { level, line, longestOfDay, longestSince } from "../src/core/line.ts";
import type { Queue } from "../src/core/protocol.ts";
import { call } from "./rows.ts";

const queue = (id: string, pace: number | null): Queue => ({ id, project: "p", waiting: 0, pace, free: 0 });
const QUEUES = new Map([queue("p/general", 20), queue("p/tax", null)].map((one) => [one.id, one]));

test("priority first, then who has waited longest; places by queue", () => {
  const calls = [
    call("late", { queued_at: 130 }),
    call("early", { queued_at: 100 }),
    call("tax", { queued_at: 90, queue: "p/tax" }),
    call("first", { queued_at: 140, priority: 5 }),
    call("talks", { state: "TALKING" }),
    call("rings", { state: "RINGING" }),
  ];
  const told = line(calls, QUEUES).map(({ call, place, expected }) => [call.id, place, expected]);
  assert.deepEqual(told, [
    ["first", 1, 20],
    ["tax", 1, null],
    ["early", 2, 40],
    ["late", 3, 60],
  ]);
});

test("equal times: the order does not depend on how they came", () => {
  const calls = ["c", "a", "b"].map((id) => call(id));
  const ids = (all: typeof calls) => line(all, QUEUES).map((place) => place.call.id);
  assert.deepEqual(ids(calls), ["a", "b", "c"]);
  assert.deepEqual(ids([...calls].reverse()), ["a", "b", "c"]);
});

test("a queue that is not known has no expected wait", () => {
  assert.equal(line([call("x", { queue: "q/other" })], QUEUES)[0]?.expected, null);
});

test("the longest wait is of the one who came first, not of the first in the line", () => {
  const places = line([call("a", { queued_at: 50 }), call("b", { queued_at: 90, priority: 9 })], QUEUES);
  assert.equal(longestSince(places), 50);
  assert.equal(longestSince([]), null);
  assert.deepEqual(
    [longestOfDay(20, places, 90), longestOfDay(70, places, 90), longestOfDay(20, [], 90)],
    [40, 70, 20],
  );
});

test("marks: over the one, over the other, and not at them", () => {
  const marks = { wait_s: 10, service_level_s: 20 };
  assert.deepEqual(
    [0, 10, 10.1, 20, 20.1, 500].map((waited) => level(waited, marks)),
    [0, 0, 1, 1, 2, 2],
  );
});
