/** What the monitor's server tells, word for word. Times are seconds since 1970 UTC, durations seconds. */

export type CallState =
  | "ARRIVED"
  | "IVR"
  | "QUEUED"
  | "RINGING"
  | "TALKING"
  | "HELD"
  | "CONSULTING"
  | "TRANSFERRED"
  | "WRAP_UP"
  | "CLOSED";

export const SEAT_STATES = [
  "READY",
  "RINGING",
  "TALKING",
  "HOLDING",
  "CONSULTING",
  "WRAP_UP",
  "BREAK",
  "NOT_ANSWERING",
  "LOGGED_OUT",
] as const;
export type SeatState = (typeof SEAT_STATES)[number];

export const EAR_MODES = ["listen", "whisper", "barge", "take_over"] as const;
export type EarMode = (typeof EAR_MODES)[number];

export const PARTS = ["engine", "asterisk", "trunk", "store", "disk"] as const;
export type Part = (typeof PARTS)[number];

/** The alarms that the page has words for; a test holds them against those of the server. */
export const ALARMS = [
  "engine_away",
  "monitor_store",
  "journal_behind",
  "spool_full",
  "spool_unwritable",
  "snapshot_failed",
  "memory_damaged",
  "asterisk_dead",
  "asterisk_hung",
  "asterisk_outdated",
  "ari_lost",
  "trunk_down",
  "degraded_calls",
  "clock_stepped",
  "disk_low",
  "recording_failed",
] as const;

export const SWITCHES = ["closed", "open", "disaster", "none"] as const;
export type SwitchKind = (typeof SWITCHES)[number];

export type Act = "watch" | "audit" | "seat" | "switch" | EarMode;

/** A caller's or an operator's call; `caller` is masked by the server. */
export interface Call {
  id: string;
  project: string;
  direction: "in" | "out" | "callback" | "internal";
  state: CallState;
  number: string;
  caller: string;
  queue: string;
  seat: string;
  since: number;
  arrived_at: number;
  queued_at: number | null;
  answered_at: number | null;
  priority: number;
}

export interface Seat {
  id: string;
  number: string;
  state: SeatState;
  since: number;
  operator: string;
  name: string;
  reason: string;
  call: string;
  projects: string[];
  supervises: string[];
}

/** `pace`: seconds from one answer to the next; null where too little is known. */
export interface Queue {
  id: string;
  project: string;
  waiting: number;
  pace: number | null;
  free: number;
}

/** The contract's definition of the rate: who counts, and what was promised. */
export interface PromisedRate {
  value: number;
  version: number;
  period: "month" | "year";
  numerator: string[];
  denominator: string[];
  short_abandon_s: number;
}

export interface Project {
  id: string;
  name: string;
  timezone: string;
  open: boolean;
  reason: string;
  override: string | null;
  until: string | null;
  by: string | null;
  promise: PromisedRate;
}

export interface Period {
  name: string;
  answered: number;
  counted: number;
  rate: number | null;
  promise: number;
  version: number;
  may_lose: number;
  catch_up: number | null;
  state: string;
}

/** Today of one project; `period` is null while the store does not answer. */
export interface Figures {
  id: string;
  date: string;
  received: number;
  outcomes: Record<string, number>;
  answered: number;
  counted: number;
  rate: number | null;
  service_level: number | null;
  longest_wait: number;
  may_lose_today: number | null;
  breaks_at: number | null;
  period: Period | null;
}

/** A half-hour of one project's day. */
export interface Half {
  id: string;
  project: string;
  start: number;
  received: number;
  answered: number;
  counted: number;
  rate: number | null;
}

/** A supervisor who takes part in a call, from the seat `id`. */
export interface Ear {
  id: string;
  call: string;
  project: string;
  heard: string;
  mode: EarMode;
  by: string;
  since: number;
}

export interface Alarm {
  id: string;
  part: Part;
  severity: "critical" | "warning";
  since: number;
  text: string;
}

export interface Rows {
  calls: Call;
  seats: Seat;
  queues: Queue;
  projects: Project;
  figures: Figures;
  halves: Half;
  ears: Ear;
  alarms: Alarm;
}
export type TableName = keyof Rows;
export const TABLES: readonly TableName[] = [
  "calls",
  "seats",
  "queues",
  "projects",
  "figures",
  "halves",
  "ears",
  "alarms",
];
export type Tables = { [T in TableName]: Record<string, Rows[T]> };

interface Told {
  n: number;
  at: number;
  data_at: number;
}
export interface Snapshot extends Told {
  type: "snapshot";
  tables: Tables;
}
export interface Changes extends Told {
  type: "changes";
  set?: Partial<Tables>;
  gone?: { [table: string]: string[] };
}
export interface Tick extends Told {
  type: "tick";
}
export type Frame = Snapshot | Changes | Tick;

/** Who is logged in, and what he may do in which project. */
export interface Session {
  user: string;
  name: string;
  csrf: string;
  ends_at: number;
  grants: { project: string; role: string }[];
  may: Record<string, Act[]>;
  marks: { wait_s: number; service_level_s: number };
}

/** A line of the audit log; `at` as ISO 8601. */
export interface AuditEntry {
  at: string;
  by: string;
  what: string;
  why?: string;
  [more: string]: unknown;
}

/** What the server calls its refusals (`code`), and one for a server that is not there. */
export const CODES = [
  "bad_login",
  "not_logged_in",
  "too_many_tries",
  "csrf",
  "not_allowed",
  "not_found",
  "bad_request",
  "conflict",
  "too_large",
  "audit_unwritable",
  "engine_away",
  "engine_silent",
  "store_away",
  "failed",
  "unreachable",
] as const;
export type Code = (typeof CODES)[number];

/** A text of the WebSocket as a frame; null where it is none that this page knows. */
export function frameOf(text: string): Frame | null {
  const told: unknown = JSON.parse(text);
  if (typeof told !== "object" || told === null) return null;
  const { type, n } = told as Partial<Frame>;
  const known = type === "snapshot" || type === "changes" || type === "tick";
  return known && typeof n === "number" ? (told as Frame) : null;
}
