/** Figures that the page puts together from rows; what a rate is, the server says by the contract's definition. */

import type { Call, Figures, Half, Project, PromisedRate, Seat, SeatState } from "./protocol.ts";

const TALKS = new Set(["TALKING", "HELD", "CONSULTING"]);

/** Calls as they are now. `lines`: those that occupy a line to the outside. */
export interface Now {
  ivr: number;
  waiting: number;
  talking: number;
  lines: number;
}

export function now(calls: Iterable<Call>): Now {
  const told = { ivr: 0, waiting: 0, talking: 0, lines: 0 };
  for (const call of calls) {
    if (call.state === "IVR" || call.state === "ARRIVED") told.ivr++;
    if (call.state === "QUEUED") told.waiting++;
    if (TALKS.has(call.state)) told.talking++;
    if (call.direction !== "internal" && call.state !== "WRAP_UP" && call.state !== "CLOSED") told.lines++;
  }
  return told;
}

/** How many seats are in each state. */
export function seatCounts(seats: Iterable<Seat>): Partial<Record<SeatState, number>> {
  const counts: Partial<Record<SeatState, number>> = {};
  for (const seat of seats) counts[seat.state] = (counts[seat.state] ?? 0) + 1;
  return counts;
}

/** One term of the rate: an outcome and how many calls ended so today. */
export interface Term {
  outcome: string;
  calls: number;
}

/** The rate written out. `short`: calls of the denominator that do not count, since they were given up at once. */
export interface Formula {
  above: Term[];
  below: Term[];
  answered: number;
  counted: number;
  short: number;
}

export function formula(promise: PromisedRate, figures: Figures): Formula {
  const terms = (outcomes: string[]) =>
    outcomes.map((outcome) => ({ outcome, calls: figures.outcomes[outcome] ?? 0 }));
  const below = terms(promise.denominator);
  const all = below.reduce((sum, term) => sum + term.calls, 0);
  const { answered, counted } = figures;
  return { above: terms(promise.numerator), below, answered, counted, short: Math.max(0, all - counted) };
}

/** Callers who gave up today: in the line, and while they listened to the machine. */
export function abandoned(figures: Figures): { queue: number; ivr: number } {
  return { queue: figures.outcomes.abandoned_queue ?? 0, ivr: figures.outcomes.abandoned_ivr ?? 0 };
}

/** Callers who heard that everything is taken, or for whom no line was free. */
export function overload(figures: Figures): number {
  return (figures.outcomes.overflowed ?? 0) + (figures.outcomes.blocked ?? 0);
}

/**
 * A half-hour of all chosen projects. `owed`: so many answers their promises ask for, together; `under`: there were
 * fewer. Of one project that is the same as a rate below its promise.
 */
export interface Bar {
  start: number;
  received: number;
  answered: number;
  counted: number;
  owed: number;
  rate: number | null;
  under: boolean;
}

/** Counts are whole, so a billionth is but the error of the sum of products. */
const fewer = (answered: number, owed: number) => answered < owed - 1e-9;

export function bars(halves: Iterable<Half>, projects: ReadonlyMap<string, Project>): Bar[] {
  const byStart = new Map<number, Bar>();
  for (const half of halves) {
    const project = projects.get(half.project);
    if (project === undefined) continue;
    const bar = byStart.get(half.start) ?? emptyBar(half.start);
    byStart.set(half.start, added(bar, half, project.promise.value));
  }
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

function emptyBar(start: number): Bar {
  return { start, received: 0, answered: 0, counted: 0, owed: 0, rate: null, under: false };
}

function added(bar: Bar, half: Half, promise: number): Bar {
  const [answered, counted] = [bar.answered + half.answered, bar.counted + half.counted];
  const owed = bar.owed + promise * half.counted;
  return {
    start: bar.start,
    received: bar.received + half.received,
    answered,
    counted,
    owed,
    rate: counted ? answered / counted : null,
    under: fewer(answered, owed),
  };
}

/** Today of the chosen projects in one line. `under`: so many of them are below their promise. */
export interface Sum {
  answered: number;
  counted: number;
  rate: number | null;
  under: number;
}

export function sum(figures: Iterable<Figures>, projects: ReadonlyMap<string, Project>): Sum {
  const told = { answered: 0, counted: 0, under: 0 };
  for (const one of figures) {
    told.answered += one.answered;
    told.counted += one.counted;
    if (below(one, projects.get(one.id))) told.under++;
  }
  return { ...told, rate: told.counted ? told.answered / told.counted : null };
}

/** Whether a project is below its promise today. */
export function below(figures: Figures, project: Project | undefined): boolean {
  return figures.rate !== null && project !== undefined && figures.rate < project.promise.value;
}
