/** The seats, as they stand in the room: state by colour, sign and word. */

import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { seatCounts } from "../core/figures.ts";
import { type Call, type Ear, SEAT_STATES, type Seat } from "../core/protocol.ts";
import { calls, dialog, ears, filter, projects, seatRows, t, w } from "../state.ts";
import { Icon, SEAT_ICON } from "./icons.tsx";
import { projectName, seatName, Timer } from "./pieces.tsx";

/** The seat that the tabulator key leads to; the arrow keys move it. */
const current = signal("");

export function Seats() {
  const rows = seatRows.value;
  const at = rows.some((seat) => seat.id === current.value) ? current.value : (rows[0]?.id ?? "");
  const heard = new Set([...ears.value.values()].map((ear: Ear) => ear.heard));
  return (
    <section class="panel seats" id="seats" aria-labelledby="seats-title" tabIndex={-1}>
      <header class="panel-head">
        <h2 id="seats-title">{t("seats.title")}</h2>
        <span class="badge num">{rows.length}</span>
        <Counts seats={rows} />
      </header>
      {rows.length === 0 ? (
        <p class="nothing">{t("seats.none")}</p>
      ) : (
        <Grid rows={rows} at={at} heard={heard} />
      )}
    </section>
  );
}

function Counts({ seats }: { seats: Seat[] }) {
  const counts = seatCounts(seats);
  return (
    <ul class="legend">
      {SEAT_STATES.filter((state) => counts[state]).map((state) => (
        <li key={state} class="state" data-state={state}>
          <Icon name={SEAT_ICON[state]} /> {w("seat", state)} <b class="num">{counts[state]}</b>
        </li>
      ))}
    </ul>
  );
}

function Grid({ rows, at, heard }: { rows: Seat[]; at: string; heard: Set<string> }) {
  const list = useRef<HTMLUListElement>(null);
  return (
    <ul
      class="seat-grid"
      ref={list}
      aria-label={t("seats.help")}
      onKeyDown={(event) => list.current && move(event, list.current)}
    >
      {rows.map((seat) => (
        <Tile
          key={seat.id}
          seat={seat}
          call={seat.call ? calls.value.get(seat.call) : undefined}
          heard={heard.has(seat.id)}
          reachable={seat.id === at}
          single={filter.value !== "" || projects.value.size < 2}
        />
      ))}
    </ul>
  );
}

function Tile(props: {
  seat: Seat;
  call: Call | undefined;
  heard: boolean;
  reachable: boolean;
  single: boolean;
}) {
  const { seat, call } = props;
  return (
    <li>
      <button
        type="button"
        class="seat state"
        data-seat={seat.id}
        data-state={seat.state}
        data-heard={props.heard}
        tabIndex={props.reachable ? 0 : -1}
        onFocus={() => {
          current.value = seat.id;
        }}
        onClick={() => {
          dialog.value = { kind: "seat", id: seat.id };
        }}
      >
        <span class="seat-top">
          <b class="seat-id num">{seatName(seat.id)}</b>
          <span class="seat-name">{seat.name || seat.operator || t("seats.nobody")}</span>
          {props.heard && <Heard />}
        </span>
        <span class="seat-state">
          <Icon name={SEAT_ICON[seat.state]} />
          <span class="seat-word">{w("seat", seat.state)}</span>
          {seat.state !== "LOGGED_OUT" && <Timer since={seat.since} />}
        </span>
        <span class="seat-more">
          <span class="num">{about(seat, call)}</span>
          {call !== undefined && !props.single && <span class="clip">{projectName(call.project)}</span>}
        </span>
      </button>
    </li>
  );
}

function Heard() {
  return (
    <span class="ear" title={t("seats.listened")}>
      <Icon name="ear" />
      <span class="out-of-sight">{t("seats.listened")}</span>
    </span>
  );
}

/** Why somebody is away, or whom he talks with. */
function about(seat: Seat, call: Call | undefined): string {
  if (call === undefined) return seat.state === "BREAK" ? seat.reason : "";
  return call.caller || t("waiting.withheld");
}

const STEPS: Record<string, [number, number]> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** Moves the focus between tiles; up and down by as many as stand in a row at this width. */
function move(event: KeyboardEvent, list: HTMLElement): void {
  const tiles = [...list.querySelectorAll<HTMLElement>(".seat")];
  const here = tiles.indexOf(document.activeElement as HTMLElement);
  const to = target(event.key, here, tiles);
  if (here < 0 || to === null) return;
  event.preventDefault();
  tiles[Math.min(Math.max(to, 0), tiles.length - 1)]?.focus();
}

function target(key: string, here: number, tiles: HTMLElement[]): number | null {
  if (key === "Home") return 0;
  if (key === "End") return tiles.length - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  const top = tiles[0]?.getBoundingClientRect().top;
  const columns = tiles.filter((tile) => tile.getBoundingClientRect().top === top).length;
  const to = here + step[0] + step[1] * columns;
  return to < 0 || to >= tiles.length ? here : to;
}
