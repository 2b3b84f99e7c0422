/** Every word of the page, in Japanese and English. */

import en from "../messages/en.json";
import ja from "../messages/ja.json";
import type { Language } from "./format.ts";
import { ALARMS, CODES, EAR_MODES, PARTS, SEAT_STATES, SWITCHES } from "./protocol.ts";

export type Key = keyof typeof ja;
export type Values = Record<string, string | number>;

const MESSAGES: Record<Language, Record<Key, string>> = { ja, en };

/** Keys that are put together from one of these values: `seat.READY`. A test holds them against the messages. */
export const FAMILIES = {
  seat: SEAT_STATES,
  ear: EAR_MODES,
  earDone: EAR_MODES,
  earWhat: EAR_MODES,
  part: PARTS,
  alarm: ALARMS,
  switch: SWITCHES,
  switchWhat: SWITCHES,
  error: CODES,
  level: ["0", "1", "2"],
  lamp: ["ok", "warning", "critical", "unknown"],
  link: ["connecting", "open", "waiting", "over"],
  period: ["month", "year"],
  budget: ["holds", "safe", "behind", "lost"],
  setState: ["ready", "break", "logged_out"],
  setDone: ["ready", "break", "logged_out"],
  call: [
    "ARRIVED",
    "IVR",
    "QUEUED",
    "RINGING",
    "TALKING",
    "HELD",
    "CONSULTING",
    "TRANSFERRED",
    "WRAP_UP",
    "CLOSED",
  ],
  outcome: [
    "answered",
    "abandoned_ivr",
    "abandoned_queue",
    "overflowed",
    "timed_out",
    "self_served",
    "closed",
    "blocked",
    "degraded_answered",
    "degraded_unanswered",
    "lost_system",
    "not_reached",
    "cancelled",
  ],
  deed: [
    "login",
    "login_failed",
    "override",
    "ear",
    "publish",
    "SeatLoggedIn",
    "SeatLoggedOut",
    "SeatPaused",
    "SeatReadied",
    "WrapUpFinished",
    "HangUpAsked",
    "CallbackOrdered",
    "CallbackWithdrawn",
    "user_add",
    "user_role",
    "user_role_removed",
    "user_password",
    "user_disable",
    "user_enable",
    "user_remove",
  ],
  direction: ["in", "out", "callback", "internal"],
  hours: ["open", "before opening", "after closing"],
  weekday: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
} as const;
export type Family = keyof typeof FAMILIES;

/** A text, with `{name}` replaced by the value of that name. */
export function text(language: Language, key: Key, values: Values = {}): string {
  return MESSAGES[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The text of a value that the server told; the value itself where it is none that we know. */
export function word(language: Language, family: Family, value: string, values: Values = {}): string {
  const key = `${family}.${value}`;
  return key in MESSAGES[language] ? text(language, key as Key, values) : value;
}

/** Why a project is open or closed: the engine's own words translated, those of the configuration as they are. */
export function hoursReason(language: Language, reason: string): string {
  const weekday = reason.match(/^closed on (\w{3})$/)?.[1];
  if (weekday !== undefined)
    return text(language, "hours.weekday", { day: word(language, "weekday", weekday) });
  return word(language, "hours", reason);
}

/** The language that somebody chose, else Japanese. */
export function languageOf(kept: string | null): Language {
  return kept === "en" ? "en" : "ja";
}
