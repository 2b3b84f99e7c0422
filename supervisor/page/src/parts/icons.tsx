/** The signs of the page: drawn here, so that they look the same everywhere and no font has to have them. */

import type { SeatState } from "../core/protocol.ts";

const PATHS = {
  check: "M3 8.5 6.5 12 13 4.5",
  bell: "M8 2a4 4 0 0 0-4 4v3l-1.5 2.5h11L12 9V6a4 4 0 0 0-4-4ZM6.5 13.5a1.6 1.6 0 0 0 3 0",
  phone: "M3 3.2 5.4 2l1.8 3.3-1.5 1.3c.7 1.5 2.2 3 3.7 3.7l1.3-1.5L14 10.6 12.8 13c-4.6.9-10.7-5.2-9.8-9.8Z",
  pause: "M5.5 3v10M10.5 3v10",
  people:
    "M5.5 7.5a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4ZM1.5 13c0-2.4 1.8-4 4-4s4 1.6 4 4M10.5 7.3a2 2 0 1 0-.6-3.9M11 9.2c2 .1 3.5 1.6 3.5 3.8",
  pencil: "M3 13l.7-3L10.8 2.9a1 1 0 0 1 1.4 0l.9.9a1 1 0 0 1 0 1.4L6 12.3 3 13Z",
  cup: "M3 5h8v5a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V5ZM11 6.5h1.2a1.7 1.7 0 0 1 0 3.4H11",
  warning: "M8 2 14.5 13.5h-13L8 2ZM8 6.5v3.4M8 11.6v.4",
  off: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM4.8 8h6.4",
  ear: "M4.5 6.2a3.6 3.6 0 0 1 7.2 0c0 3-2.6 3-2.6 5.2A2.1 2.1 0 0 1 5.4 13M6.6 6.3a1.6 1.6 0 0 1 3.1 0c0 1.2-1.2 1.4-1.2 2.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.7V8l2.3 1.7",
  alarm: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8",
  unknown: "M5.8 6a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.6M8 12v.3",
  down: "M8 3v10M3.8 8.8 8 13l4.2-4.2",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  lock: "M4 7.5h8V13H4V7.5ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2",
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

export const SEAT_ICON: Record<SeatState, IconName> = {
  READY: "check",
  RINGING: "bell",
  TALKING: "phone",
  HOLDING: "pause",
  CONSULTING: "people",
  WRAP_UP: "pencil",
  BREAK: "cup",
  NOT_ANSWERING: "warning",
  LOGGED_OUT: "off",
};

export const LEVEL_ICON = ["check", "clock", "warning"] as const satisfies readonly IconName[];

export const LAMP_ICON = {
  ok: "check",
  warning: "warning",
  critical: "alarm",
  unknown: "unknown",
} as const satisfies Record<string, IconName>;
