/** What the page knows, as signals: whoever reads one is drawn again when it changes, and nobody else. */

import { batch, computed, signal } from "@preact/signals";
import { logOut as endSession, whenOver, whoAmI } from "./api.ts";
import { type Address, addressOf, hashOf } from "./core/address.ts";
import { type Reading, ServerClock } from "./core/clock.ts";
import { Connection, type Link } from "./core/connection.ts";
import { type Language, age as told } from "./core/format.ts";
import { type Family, type Key, languageOf, text, type Values, word } from "./core/i18n.ts";
import { line } from "./core/line.ts";
import type { Frame, Session, TableName } from "./core/protocol.ts";
import { chosen, hasNews, knownFilter, seatChosen } from "./core/rights.ts";
import { EMPTY, type Kept } from "./core/store.ts";

const STALE_S = 3;
/** Not more often than this is anything drawn, however many changes come. */
const DRAW_MS = 25;
const TOAST_MS = 10_000;
/** Until a project is known that says where it is. */
const HOME_ZONE = "Asia/Tokyo";

// ---- language

export const language = signal<Language>(languageOf(localStorage.getItem("language")));

export function setLanguage(next: Language): void {
  localStorage.setItem("language", next);
  language.value = next;
}

export const t = (key: Key, values?: Values): string => text(language.value, key, values);
export const w = (family: Family, value: string, values?: Values): string =>
  word(language.value, family, value, values);

// ---- who is here, and what he looks at

export const session = signal<Session | null>(null);
/** What the page shows: nothing yet, the form for the log-in (with a remark), or the board. */
export const phase = signal<"loading" | "login" | "board">("loading");
export const remark = signal<"" | "over" | "out">("");
export const address = signal<Address>(addressOf(location.hash));
/** The window that is open over the page, if any. */
export const dialog = signal<
  { kind: "seat" | "project"; id: string } | { kind: "keys" | "audit"; id?: "" } | null
>(null);
export const closeDialog = (): void => {
  dialog.value = null;
};
export const letterKeys = signal(localStorage.getItem("letter-keys") !== "off");

export function setLetterKeys(on: boolean): void {
  localStorage.setItem("letter-keys", on ? "on" : "off");
  letterKeys.value = on;
}

export function go(to: Partial<Address>): void {
  const next = { ...address.value, ...to };
  history.pushState(null, "", `#${hashOf(next)}`);
  address.value = next;
}

// ---- the board

export const link = signal<Link>("connecting");
const shown = signal<Kept>(EMPTY);
export const n = computed(() => shown.value.n);
const table = <T extends TableName>(name: T) => computed(() => shown.value.board[name]);
export const calls = table("calls");
export const seats = table("seats");
export const queues = table("queues");
export const projects = table("projects");
export const figures = table("figures");
export const halves = table("halves");
export const ears = table("ears");
export const alarms = table("alarms");

export const filter = computed(() => knownFilter(address.value.project, projects.value));
const ordered = <R extends { id: string }>(rows: Iterable<R>): R[] =>
  [...rows].sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
export const projectRows = computed(() =>
  ordered(projects.value.values()).filter((project) => chosen(filter.value, project.id)),
);
export const callRows = computed(() =>
  [...calls.value.values()].filter((call) => chosen(filter.value, call.project)),
);
export const seatRows = computed(() =>
  ordered(seats.value.values()).filter((seat) =>
    seatChosen(filter.value, seat, seat.call ? calls.value.get(seat.call) : undefined),
  ),
);
export const figureRows = computed(() =>
  [...figures.value.values()].filter((row) => chosen(filter.value, row.id)),
);
export const halfRows = computed(() =>
  [...halves.value.values()].filter((row) => chosen(filter.value, row.project)),
);
/** Who waits, as far as he belongs to what is chosen. */
export const waiting = computed(() =>
  line(calls.value.values(), queues.value).filter((place) => chosen(filter.value, place.call.project)),
);

/** The time zone of a project: what its half-hours and orders are told in. */
export function zoneOf(project: string): string {
  return projects.value.get(project)?.timezone ?? HOME_ZONE;
}

export const zone = computed(() => zoneOf(projectRows.value[0]?.id ?? ""));

// ---- time

const clock = new ServerClock();
const reading = (): Reading => ({ wall: Date.now() / 1000, run: performance.now() / 1000 });
/**
 * The server's time, in whole steps of a second: what all durations on the page count by. While the data are old it
 * is theirs: what is shown then is how it was when they came.
 */
export const now = signal(0);
/** How old the data are, in seconds; null before the first. */
export const dataAge = signal<number | null>(null);
export const stale = computed(() => dataAge.value !== null && dataAge.value > STALE_S);
let dataAt = 0;

export const ageText = computed(() => {
  if (dataAge.value === null) return t("age.none");
  const { value, unit } = told(dataAge.value);
  return t(unit === "s" ? "age.seconds" : "age.clock", { value });
});

function look(): void {
  const read = reading();
  batch(() => {
    if (dataAt > 0) dataAge.value = clock.age(dataAt, read);
    const time = stale.value ? dataAt : clock.now(read);
    if (Math.floor(time) !== Math.floor(now.value)) now.value = time;
  });
}

// ---- what comes

let drawn = Number.NEGATIVE_INFINITY;
let drawing = 0;
let latest: Kept = EMPTY;

function draw(): void {
  clearTimeout(drawing);
  drawing = 0;
  drawn = performance.now();
  batch(() => {
    look();
    shown.value = latest;
  });
}

/** What he may do in a project that is new on the board, and was not when he logged in. */
async function learn(): Promise<void> {
  const before = session.value;
  if (before === null || !hasNews(before, latest.board.projects.keys())) return;
  const who = await whoAmI().catch(() => null);
  if (who !== null && session.value === before) session.value = who;
}

function heard(frame: Frame, kept: Kept): void {
  clock.heard(frame.at, reading());
  const others = kept.board.projects !== latest.board.projects;
  latest = kept;
  if (others) void learn();
  dataAt = kept.dataAt;
  const wait = drawn + DRAW_MS - performance.now();
  if (wait <= 0) draw();
  else if (drawing === 0) drawing = window.setTimeout(draw, wait);
}

function linked(next: Link): void {
  link.value = next;
  if (next === "over") leave("over");
}

const WORLD = {
  open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/live`),
  proceed: async () => {
    const who = await whoAmI();
    if (who !== null) session.value = who;
    return who !== null;
  },
  later: (seconds: number, then: () => void) => {
    const timer = setTimeout(then, seconds * 1000);
    return () => clearTimeout(timer);
  },
  chance: Math.random,
};
let connection: Connection | null = null;

// ---- coming and going

/** Somebody has logged in: the board, where he was before. */
export function enter(who: Session): void {
  connection?.stop();
  connection = new Connection(WORLD, { frame: heard, link: linked });
  batch(() => {
    session.value = who;
    phase.value = "board";
    remark.value = "";
  });
  connection.start();
}

/** Back to the log-in; nothing of the board is kept, since somebody else may be the next. */
export function leave(why: "over" | "out" | ""): void {
  connection?.stop();
  connection = null;
  latest = EMPTY;
  dataAt = 0;
  batch(() => {
    session.value = null;
    shown.value = EMPTY;
    dataAge.value = null;
    dialog.value = null;
    phase.value = "login";
    remark.value = why;
  });
}

export async function logOut(): Promise<void> {
  await endSession().catch(() => undefined);
  leave("out");
}

// ---- told to the user

export const toast = signal("");
let toastTimer = 0;

export function tell(what: string): void {
  clearTimeout(toastTimer);
  toast.value = what;
  toastTimer = window.setTimeout(() => {
    toast.value = "";
  }, TOAST_MS);
}

/** Begins: who is here, the clock, the address. */
export async function begin(): Promise<void> {
  addEventListener("hashchange", () => {
    address.value = addressOf(location.hash);
  });
  addEventListener("popstate", () => {
    address.value = addressOf(location.hash);
  });
  whenOver(() => leave("over"));
  addEventListener("online", () => connection?.hurry());
  document.addEventListener("visibilitychange", look);
  setInterval(look, 250);
  await first();
}

/** Until the server answers for the first time, it is asked again and again. */
async function first(): Promise<void> {
  try {
    const who = await whoAmI();
    if (who === null) leave("");
    else enter(who);
  } catch {
    link.value = "waiting";
    setTimeout(() => void first(), 2000);
  }
}
