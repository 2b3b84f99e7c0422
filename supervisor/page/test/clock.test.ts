import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../src/core/clock.ts";

/** This machine's clock is `ahead` seconds ahead of the server's, which began 900 s ago. */
const at = (server: number, ahead = 5000) => ({ wall: server + ahead, run: server - 900 });
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("the age of the data is by the server's clock, however wrong this machine's is", () => {
  const clock = new ServerClock();
  clock.heard(1000, at(1000.02));
  near(clock.age(1000, at(1003.02)), 3);
  near(clock.now(at(1003.02)), 1003);
});

test("a frame that was long on its way does not make the others look younger", () => {
  const clock = new ServerClock();
  for (const [sent, took] of [
    [1000, 0.01],
    [1001, 1.5],
    [1003, 0.01],
  ] as const)
    clock.heard(sent, at(sent + took));
  near(clock.age(1003, at(1005.01)), 2);
});

test("while the machine sleeps its running clock may stand still: the data are old all the same", () => {
  const clock = new ServerClock();
  clock.heard(1000, at(1000));
  near(clock.age(1000, { wall: 1000 + 5000 + 3600, run: 100 + 1 }), 3600);
});

test("a clock that is set back does not make old data young", () => {
  const clock = new ServerClock();
  clock.heard(1000, at(1000));
  near(clock.age(1000, at(1010, 5000 - 3600)), 10);
});

test("after the clock was set it is compared anew with the next frame", () => {
  const clock = new ServerClock();
  clock.heard(1000, at(1000));
  clock.heard(1001, at(1001, 5000 - 3600));
  near(clock.age(1001, at(1002, 5000 - 3600)), 1);
  near(clock.age(1001, at(1003, 5000 - 3600)), 2);
});

test("a drift of the clocks is followed within a minute", () => {
  const clock = new ServerClock();
  for (let s = 0; s <= 600; s++) clock.heard(1000 + s, { wall: 6000 + s * 1.001, run: 100 + s * 1.001 });
  assert.ok(clock.age(1600, { wall: 6600.6, run: 700.6 }) < 0.07);
});
