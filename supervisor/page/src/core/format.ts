/** Numbers and times as people read them. */

export type Language = "ja" | "en";
const LOCALE: Record<Language, string> = { ja: "ja-JP", en: "en-GB" };

/** Seconds as m:ss, from an hour on h:mm:ss; never below 0:00. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A rate (0-1) as 93.4; cut, not rounded, so that a rate below the promise never looks as if it had met it. */
export function percent(rate: number | null): string {
  // The small addition undoes 0.29 * 1000 = 289.99999999999994.
  return rate === null ? "－" : (Math.floor(rate * 1000 + 1e-9) / 10).toFixed(1);
}

const counts: Record<Language, Intl.NumberFormat> = {
  ja: new Intl.NumberFormat(LOCALE.ja),
  en: new Intl.NumberFormat(LOCALE.en),
};

export function count(value: number, language: Language): string {
  return counts[language].format(value);
}

/** How old something is: tenths up to ten seconds, then whole seconds, then m:ss. */
export function age(seconds: number): { value: string; unit: "s" | "clock" } {
  if (seconds < 10) return { value: (Math.floor(seconds * 10) / 10).toFixed(1), unit: "s" };
  if (seconds < 60) return { value: String(Math.floor(seconds)), unit: "s" };
  return { value: duration(seconds), unit: "clock" };
}

/** Minutes of an expected wait: at least one, rounded up to whole ones. */
export function minutes(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60));
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, zone: string, how: "time" | "moment"): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${how}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  const day = { month: "2-digit", day: "2-digit" } as const;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const parts = { time, moment: { ...day, ...time, second: "2-digit" } } as const;
  const made = new Intl.DateTimeFormat(LOCALE[language], { timeZone: zone, ...parts[how] });
  clocks.set(key, made);
  return made;
}

/** 14:30, in the project's time zone. */
export function timeOfDay(at: number, language: Language, zone: string): string {
  return formatter(language, zone, "time").format(at * 1000);
}

/** The last minute of the day there, as a form has it: 2026-05-07T23:59. */
export function endOfDay(at: number, zone: string): string {
  const day = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const parts = Object.fromEntries(day.formatToParts(at * 1000).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T23:59`;
}

/** Day and time to the second. */
export function moment(at: number, language: Language, zone: string): string {
  return formatter(language, zone, "moment").format(at * 1000);
}
