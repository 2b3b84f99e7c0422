import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, hashOf } from "../src/core/address.ts";
import { age, duration, endOfDay, minutes, moment, percent, timeOfDay } from "../src/core/format.ts";

test("durations", () => {
  const told = [-3, 0, 9.9, 59.99, 60, 754, 3599, 3600, 45296].map(duration);
  assert.deepEqual(told, ["0:00", "0:00", "0:09", "0:59", "1:00", "12:34", "59:59", "1:00:00", "12:34:56"]);
});

test("a rate below the promise is never shown as the promise", () => {
  assert.deepEqual([null, 0, 0.29, 0.89996, 0.9, 0.9999, 1].map(percent), [
    "－",
    "0.0",
    "29.0",
    "89.9",
    "90.0",
    "99.9",
    "100.0",
  ]);
  for (let n = 1; n <= 1000; n++) assert.equal(percent(n / 1000), (n / 10).toFixed(1));
});

test("the age of the data", () => {
  assert.deepEqual(
    [0, 0.44, 9.99, 10, 59.9, 60, 3700].map((seconds) => age(seconds).value),
    ["0.0", "0.4", "9.9", "10", "59", "1:00", "1:01:40"],
  );
});

test("an expected wait is at least a minute", () => {
  assert.deepEqual([0, 59, 60, 61, 180].map(minutes), [1, 1, 1, 2, 3]);
});

test("times are those of the project's zone, whatever this machine's is", () => {
  const at = Date.UTC(2026, 4, 7, 15, 5, 9) / 1000;
  assert.equal(timeOfDay(at, "ja", "Asia/Tokyo"), "00:05");
  assert.equal(timeOfDay(at, "en", "Europe/Berlin"), "17:05");
  assert.equal(moment(at, "ja", "Asia/Tokyo"), "05/08 00:05:09");
  assert.equal(endOfDay(at, "Asia/Tokyo"), "2026-05-08T23:59");
  assert.equal(endOfDay(at, "Europe/Berlin"), "2026-05-07T23:59");
});

test("the address keeps project and wall, in any order, and nothing else", () => {
  for (const address of [
    { project: "", wall: false },
    { project: "a&b=c", wall: true },
    { project: "saitama-autotax", wall: false },
  ])
    assert.deepEqual(addressOf(`#${hashOf(address)}`), address);
  assert.deepEqual(addressOf("#wall&project=p"), { project: "p", wall: true });
  assert.equal(hashOf({ project: "", wall: true }), "wall");
});
