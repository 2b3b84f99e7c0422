/** The figures of this moment, for one look. */

import { computed } from "@preact/signals";
import { now as nowOf, seatCounts, sum } from "../core/figures.ts";
import { duration, percent } from "../core/format.ts";
import { level, longestSince } from "../core/line.ts";
import { callRows, figureRows, now, projects, seatRows, t, w, waiting } from "../state.ts";
import { Icon, LEVEL_ICON } from "./icons.tsx";
import { marks } from "./waiting.tsx";

export const live = computed(() => nowOf(callRows.value));
/** The seats at which callers are answered: not those from which supervisors only listen. */
export const working = computed(() => seatRows.value.filter((seat) => seat.projects.length > 0));
export const states = computed(() => seatCounts(working.value));
export const today = computed(() => sum(figureRows.value, projects.value));
/** How long the one has waited who has waited longest; null where nobody waits. */
export const longest = computed(() => {
  const since = longestSince(waiting.value);
  return since === null ? null : Math.max(0, now.value - since);
});
export const longestLevel = computed(() => (longest.value === null ? 0 : level(longest.value, marks.value)));
const loggedIn = computed(() => working.value.length - (states.value.LOGGED_OUT ?? 0));

export function Kpis() {
  return (
    <section class="kpis" aria-labelledby="kpis-title">
      <h2 id="kpis-title" class="out-of-sight">
        {t("kpi.title")}
      </h2>
      <dl>
        <Kpi
          name="waiting"
          label={t("kpi.waiting")}
          value={String(waiting.value.length)}
          unit={t("unit.calls")}
          main
        />
        <Longest />
        <Kpi
          name="ready"
          label={t("kpi.ready")}
          value={String(states.value.READY ?? 0)}
          unit={t("unit.seats")}
        />
        <Kpi
          name="talking"
          label={t("kpi.talking")}
          value={String(live.value.talking)}
          unit={t("unit.calls")}
          note={`${t("kpi.loggedIn")} ${loggedIn.value}`}
        />
        <Kpi name="ivr" label={t("kpi.ivr")} value={String(live.value.ivr)} unit={t("unit.calls")} />
        <Kpi name="lines" label={t("kpi.lines")} value={String(live.value.lines)} unit={t("unit.lines")} />
        <TodayRate />
      </dl>
    </section>
  );
}

function Kpi(props: {
  name: string;
  label: string;
  value: string;
  unit: string;
  note?: string;
  main?: boolean;
}) {
  return (
    <div class="kpi" data-kpi={props.name} data-main={props.main === true}>
      <dt>{props.label}</dt>
      <dd>
        <b class="num" data-test={`kpi-${props.name}`}>
          {props.value}
        </b>
        <small>{props.unit}</small>
        {props.note && <span class="kpi-note num">{props.note}</span>}
      </dd>
    </div>
  );
}

function Longest() {
  const at = longestLevel.value;
  return (
    <div class="kpi" data-kpi="longest" data-main="true" data-level={at}>
      <dt>{t("kpi.longest")}</dt>
      <dd>
        <b class="num" data-test="kpi-longest">
          {longest.value === null ? "－" : duration(longest.value)}
        </b>
        {at > 0 && (
          <span class="mark" data-level={at}>
            <Icon name={LEVEL_ICON[at]} /> {w("level", String(at), marks.value)}
          </span>
        )}
      </dd>
    </div>
  );
}

/** How many projects are below their promise; no number where there is but one. */
export function Under({ under }: { under: number }) {
  const several = figureRows.value.length > 1;
  return (
    <span class="verdict" data-under="true">
      <Icon name="down" />{" "}
      {several ? t("kpi.underOf", { under, all: figureRows.value.length }) : t("chart.underShort")}
    </span>
  );
}

function TodayRate() {
  const { rate, answered, counted, under } = today.value;
  return (
    <div class="kpi" data-kpi="today" data-under={under > 0}>
      <dt>{t("kpi.today")}</dt>
      <dd>
        <b class="num" data-test="kpi-today">
          {percent(rate)}
        </b>
        {rate !== null && <small>%</small>}
        <span class="kpi-note num">
          {t("figures.ofCounted", { answered, counted })}
          {under > 0 && <Under under={under} />}
        </span>
      </dd>
    </div>
  );
}
