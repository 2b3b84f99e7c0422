import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, frameOf, type Tables } from "../src/core/protocol.ts";
import { EMPTY, type Kept, kept } from "../src/core/store.ts";
import { call, seat } from "./rows.ts";

function tables(rows: Partial<Tables> = {}): Tables {
  const none = {
    calls: {},
    seats: {},
    queues: {},
    projects: {},
    figures: {},
    halves: {},
    ears: {},
    alarms: {},
  };
  return { ...none, ...rows };
}

const head = (n: number, dataAt = 100 + n) => ({ n, at: 200 + n, data_at: dataAt });
const snapshot = (n: number, rows: Partial<Tables> = {}): Frame => ({
  type: "snapshot",
  ...head(n),
  tables: tables(rows),
});
const after = (...frames: Frame[]): Kept => frames.reduce(kept, EMPTY);

test("changes are laid over the snapshot, and rows that stay are the same objects", () => {
  const first = after(snapshot(5, { calls: { a: call("a"), b: call("b") }, seats: { s: seat("s") } }));
  const second = kept(first, {
    type: "changes",
    ...head(6),
    set: { calls: { c: call("c") } },
    gone: { calls: ["a"] },
  });
  assert.deepEqual([...second.board.calls.keys()], ["b", "c"]);
  assert.equal(second.board.calls.get("b"), first.board.calls.get("b"));
  assert.equal(second.board.seats, first.board.seats);
  assert.deepEqual([...first.board.calls.keys()], ["a", "b"], "what was kept before is as it was");
  assert.equal(second.n, 6);
});

test("a frame that is missing: nothing more is believed until a snapshot comes", () => {
  const gap = after(snapshot(5), { type: "changes", ...head(7), set: { calls: { x: call("x") } } });
  assert.equal(gap.lost, true);
  assert.equal(gap.n, 5);
  const still = kept(gap, { type: "changes", ...head(6), set: { calls: { y: call("y") } } });
  assert.equal(still, gap);
  const tick = kept(gap, { type: "tick", ...head(5, 999) });
  assert.equal(tick.dataAt, 105, "a tick does not make a board young that misses something");
  const again = kept(gap, snapshot(9, { calls: { z: call("z") } }));
  assert.deepEqual([again.lost, again.n, [...again.board.calls.keys()]], [false, 9, ["z"]]);
});

test("a tick with another number tells of a frame that was lost", () => {
  assert.equal(after(snapshot(5), { type: "tick", ...head(6) }).lost, true);
  const good = after(snapshot(5), { type: "tick", ...head(5, 150) });
  assert.deepEqual([good.lost, good.dataAt], [false, 150]);
});

test("changes that came twice are a gap too, not laid over twice", () => {
  const changes: Frame = { type: "changes", ...head(6), set: { calls: { x: call("x") } } };
  assert.equal(after(snapshot(5), changes, changes).lost, true);
});

test("a new snapshot keeps the objects of rows that say the same", () => {
  const first = after(snapshot(1, { seats: { a: seat("a"), b: seat("b") } }));
  const next = kept(first, snapshot(9, { seats: { a: seat("a"), b: { ...seat("b"), state: "BREAK" } } }));
  assert.equal(next.board.seats.get("a"), first.board.seats.get("a"));
  assert.notEqual(next.board.seats.get("b"), first.board.seats.get("b"));
});

test("what is no frame is none", () => {
  for (const text of ["null", "[]", '"snapshot"', '{"type":"other","n":1}', '{"type":"tick"}'])
    assert.equal(frameOf(text), null, text);
  assert.equal(frameOf(JSON.stringify(snapshot(1)))?.type, "snapshot");
});
