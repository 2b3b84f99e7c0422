/** Rows for the tests. */

import type { Call, Figures, Half, Project, Seat, Session } from "../src/core/protocol.ts";

export function call(id: string, more: Partial<Call> = {}): Call {
  return {
    id,
    project: "p",
    direction: "in",
    state: "QUEUED",
    number: "0480001229",
    caller: "0900000****",
    queue: "p/general",
    seat: "",
    since: 100,
    arrived_at: 90,
    queued_at: 100,
    answered_at: null,
    priority: 0,
    ...more,
  };
}

export function seat(id: string, more: Partial<Seat> = {}): Seat {
  return {
    id,
    number: "101",
    state: "READY",
    since: 100,
    operator: "",
    name: "",
    reason: "",
    call: "",
    projects: ["p"],
    supervises: [],
    ...more,
  };
}

export function project(id: string, value = 0.9): Project {
  return {
    id,
    name: id,
    timezone: "Asia/Tokyo",
    open: true,
    reason: "open",
    override: null,
    until: null,
    by: null,
    promise: {
      value,
      version: 3,
      period: "month",
      numerator: ["answered"],
      denominator: ["answered", "abandoned_queue", "overflowed"],
      short_abandon_s: 5,
    },
  };
}

export function figures(id: string, answered: number, counted: number, more: Partial<Figures> = {}): Figures {
  return {
    id,
    date: "2026-05-07",
    received: counted,
    outcomes: {},
    answered,
    counted,
    rate: counted ? answered / counted : null,
    service_level: null,
    longest_wait: 0,
    may_lose_today: null,
    breaks_at: null,
    period: null,
    ...more,
  };
}

export function half(projectId: string, start: number, answered: number, counted: number): Half {
  const rate = counted ? answered / counted : null;
  return {
    id: `${projectId}@${start}`,
    project: projectId,
    start,
    received: counted,
    answered,
    counted,
    rate,
  };
}

export function session(may: Session["may"], user = "sup"): Session {
  return {
    user,
    name: user,
    csrf: "x",
    ends_at: 0,
    grants: [],
    may,
    marks: { wait_s: 10, service_level_s: 20 },
  };
}
