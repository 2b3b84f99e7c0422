/** Who waits, in the order in which they are asked for, at which place, and for how long still. */

import type { Call, Queue } from "./protocol.ts";

/** `place`: in the queue, from 1. `expected`: seconds still to wait; null where the queue's pace is not known. */
export interface Place {
  call: Call;
  place: number;
  expected: number | null;
}

export type Level = 0 | 1 | 2;

function began(call: Call): number {
  return call.queued_at ?? call.since;
}

/** Priority first, then who has waited longest; equal times in the order of the calls' ids. */
export function before(a: Call, b: Call): number {
  return b.priority - a.priority || began(a) - began(b) || (a.id < b.id ? -1 : 1);
}

/** All who wait in a line, with the place in the line of their own queue. */
export function line(calls: Iterable<Call>, queues: ReadonlyMap<string, Queue>): Place[] {
  const waiting = [...calls].filter((call) => call.state === "QUEUED").sort(before);
  const ahead = new Map<string, number>();
  return waiting.map((call) => {
    const place = (ahead.get(call.queue) ?? 0) + 1;
    ahead.set(call.queue, place);
    const pace = queues.get(call.queue)?.pace ?? null;
    return { call, place, expected: pace === null ? null : place * pace };
  });
}

/** Since when the one has waited who has waited longest; null where nobody waits. */
export function longestSince(places: readonly Place[]): number | null {
  return places.length ? Math.min(...places.map((one) => began(one.call))) : null;
}

/** When a caller began to wait. */
export const waitsSince = began;

/** 1: waits longer than is marked, 2: longer than the service level allows. */
export function level(waited: number, marks: { wait_s: number; service_level_s: number }): Level {
  if (waited > marks.service_level_s) return 2;
  return waited > marks.wait_s ? 1 : 0;
}

/** The longest wait of a day: of those whose call is over (`ended`, seconds), and of those who wait now. */
export function longestOfDay(ended: number, waiting: readonly Place[], at: number): number {
  const since = longestSince(waiting);
  return since === null ? ended : Math.max(ended, at - since);
}
