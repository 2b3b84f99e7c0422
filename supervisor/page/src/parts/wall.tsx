/** The board on a wall: nothing to operate, and figures that are read from five metres. */

import { duration, percent } from "../core/format.ts";
import { type Period, SEAT_STATES, type Seat } from "../core/protocol.ts";
import { ears, figureRows, filter, go, projectRows, projects, t, w, waiting } from "../state.ts";
import { Icon, LEVEL_ICON, SEAT_ICON } from "./icons.tsx";
import { longest, longestLevel, states, today, working } from "./kpis.tsx";
import { seatName } from "./pieces.tsx";
import { Age, Lamps, StaleBar } from "./status.tsx";
import { marks } from "./waiting.tsx";

export function Wall() {
  const title = filter.value ? projects.value.get(filter.value)?.name : t("head.all");
  return (
    <main class="wall" aria-labelledby="wall-title">
      <header class="wall-head">
        <h1 id="wall-title" class="clip">
          {title}
        </h1>
        <Lamps />
        <Age />
        <button type="button" class="quiet" data-test="wall-off" onClick={() => go({ wall: false })}>
          {t("wall.leave")}
        </button>
      </header>
      <StaleBar />
      <div class="wall-body">
        <Giants />
        <Tall />
        <Tiles />
      </div>
    </main>
  );
}

function Giants() {
  const at = longestLevel.value;
  return (
    <dl class="giants">
      <div class="giant" data-level={at}>
        <dt>{t("kpi.waiting")}</dt>
        <dd class="num" data-test="wall-waiting">
          {waiting.value.length}
        </dd>
      </div>
      <div class="giant" data-level={at}>
        <dt>
          {t("kpi.longest")}
          {at > 0 && (
            <span class="mark" data-level={at}>
              <Icon name={LEVEL_ICON[at]} /> {w("level", String(at), marks.value)}
            </span>
          )}
        </dt>
        <dd class="num" data-test="wall-longest" data-long={(longest.value ?? 0) >= 600}>
          {longest.value === null ? "－" : duration(longest.value)}
        </dd>
      </div>
    </dl>
  );
}

/** What today may still lose: of the project that is nearest to its limit, of those that were called today. */
function leastLeft(): number | null {
  const called = figureRows.value.filter((row) => row.counted > 0);
  const left = called.flatMap((row) => (row.may_lose_today === null ? [] : [row.may_lose_today]));
  return left.length ? Math.min(...left) : null;
}

function Tall() {
  const [left, rows] = [leastLeft(), projectRows.value];
  const one = rows.length === 1 ? rows[0] : undefined;
  const { under } = today.value;
  const several = under > 0 ? t("kpi.underOf", { under, all: rows.length }) : t("wall.several");
  const note = one === undefined ? several : t("wall.promise", { promise: percent(one.promise.value) });
  const over = left !== null && left < 0;
  return (
    <dl class="tall">
      <Figure
        label={t("wall.today")}
        value={percent(today.value.rate)}
        unit={today.value.rate === null ? "" : "%"}
        note={note}
        bad={today.value.under > 0}
      />
      <Figure
        label={t("wall.mayLose")}
        value={left === null ? "－" : String(Math.abs(left))}
        unit={t("unit.calls")}
        note={over ? t("wall.over") : ""}
        bad={over}
      />
      <Figure label={t("kpi.ready")} value={String(states.value.READY ?? 0)} unit={t("unit.seats")} />
      <PeriodFigure />
    </dl>
  );
}

/** The rate of the month or year; of several projects, all their calls together. */
function PeriodFigure() {
  const periods = figureRows.value.flatMap((row) => (row.period === null ? [] : [row.period]));
  const add = (key: "answered" | "counted") => periods.reduce((all, period) => all + period[key], 0);
  const [counted, under] = [add("counted"), periods.filter(below).length];
  const rate = counted > 0 ? add("answered") / counted : null;
  const [only] = periods.length === 1 ? periods : [];
  const promise = only === undefined ? "" : t("wall.promise", { promise: percent(only.promise) });
  const several = under > 0 && t("kpi.underOf", { under, all: periods.length });
  return (
    <Figure
      label={t("wall.period", { period: units() })}
      value={percent(rate)}
      unit={rate === null ? "" : "%"}
      note={promise || several || ""}
      bad={under > 0}
    />
  );
}

const below = (period: Period) => period.rate !== null && period.rate < period.promise;

/** This month, this year, or both where the contracts differ. */
function units(): string {
  const all = new Set(projectRows.value.map((project) => w("period", project.promise.period)));
  return [...all].join(t("list.dot"));
}

function Figure(props: { label: string; value: string; unit: string; note?: string; bad?: boolean }) {
  return (
    <div class="tall-figure" data-under={props.bad === true}>
      <dt>
        {props.label}
        {props.note && <small>{props.note}</small>}
      </dt>
      <dd>
        {props.bad && <Icon name="down" />}
        <b class="num" data-test="wall-figure">
          {props.value}
        </b>
        <small>{props.unit}</small>
      </dd>
    </div>
  );
}

function Tiles() {
  const rows = working.value;
  const heard = new Set([...ears.value.values()].map((ear) => ear.heard));
  return (
    <section class="wall-seats" aria-label={t("seats.title")}>
      <ul class="wall-grid">
        {rows.map((seat) => (
          <Tile key={seat.id} seat={seat} heard={heard.has(seat.id)} />
        ))}
      </ul>
      <ul class="wall-legend">
        {SEAT_STATES.filter((state) => states.value[state]).map((state) => (
          <li key={state} class="wall-tile state" data-state={state}>
            <Icon name={SEAT_ICON[state]} /> {w("seat", state)} <b class="num">{states.value[state]}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tile({ seat, heard }: { seat: Seat; heard: boolean }) {
  return (
    <li class="wall-tile state" data-seat={seat.id} data-state={seat.state}>
      <b class="num clip" data-long={seatName(seat.id).length > 3}>
        {seatName(seat.id)}
      </b>
      <Icon name={SEAT_ICON[seat.state]} />
      <span class="out-of-sight">{w("seat", seat.state)}</span>
      {heard && (
        <span class="ear">
          <Icon name="ear" />
          <span class="out-of-sight">{t("seats.listened")}</span>
        </span>
      )}
    </li>
  );
}
