/** Who waits: one row a caller, in the order in which they are asked for. */

import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { minutes } from "../core/format.ts";
import { level, type Place, waitsSince } from "../core/line.ts";
import type { Call } from "../core/protocol.ts";
import { filter, now, projects, session, t, w, waiting } from "../state.ts";
import { Icon, LEVEL_ICON } from "./icons.tsx";
import { projectName, Scroll, Timer } from "./pieces.tsx";

const NO_MARKS = { wait_s: 10, service_level_s: 20 };
export const marks = computed(() => session.value?.marks ?? NO_MARKS);

export function Waiting() {
  const places = waiting.value;
  const several = filter.value === "" && projects.value.size > 1;
  return (
    <section class="panel waiting" id="waiting" aria-labelledby="waiting-title" tabIndex={-1}>
      <header class="panel-head">
        <h2 id="waiting-title">{t("waiting.title")}</h2>
        <span class="badge num" data-test="waiting-count">
          {places.length}
        </span>
        <Legend />
      </header>
      <Scroll label={t("waiting.scroll")}>
        {places.length === 0 ? (
          <p class="nothing" data-test="waiting-none">
            {t("waiting.none")}
          </p>
        ) : (
          <Table places={places} several={several} />
        )}
      </Scroll>
    </section>
  );
}

function Legend() {
  return (
    <p class="legend" aria-hidden="true">
      <span class="mark" data-level="1">
        <Icon name={LEVEL_ICON[1]} /> {w("level", "1", marks.value)}
      </span>
      <span class="mark" data-level="2">
        <Icon name={LEVEL_ICON[2]} /> {w("level", "2", marks.value)}
      </span>
    </p>
  );
}

function Table({ places, several }: { places: Place[]; several: boolean }) {
  return (
    <table class="line" data-several={several}>
      <thead>
        <tr>
          <th scope="col">{t("waiting.wait")}</th>
          <th scope="col">{t("waiting.number")}</th>
          {several && <th scope="col">{t("waiting.project")}</th>}
          <th scope="col">{t("waiting.queue")}</th>
          <th scope="col" class="right">
            {t("waiting.priority")}
          </th>
          <th scope="col" class="right">
            {t("waiting.place")}
          </th>
          <th scope="col" class="right">
            {t("waiting.expected")}
          </th>
        </tr>
      </thead>
      <tbody>
        {places.map(({ call, place, expected }) => (
          <Row key={call.id} call={call} place={place} expected={expected} several={several} />
        ))}
      </tbody>
    </table>
  );
}

/** Reads a signal (its words), so that it is drawn again only when one of its four arguments is another. */
function Row(props: { call: Call; place: number; expected: number | null; several: boolean }) {
  const { call, place, expected } = props;
  const since = waitsSince(call);
  const stage = useMemo(() => computed(() => String(level(now.value - since, marks.value))), [since]);
  return (
    <tr data-test="waiting-row" data-call={call.id} data-level={stage}>
      <td class="wait at-wait">
        <Mark since={since} />
        <Timer since={since} />
      </td>
      <td class="num at-number">{call.caller || t("waiting.withheld")}</td>
      {props.several && (
        <td class="clip at-project" title={projectName(call.project)}>
          {projectName(call.project)}
        </td>
      )}
      <td class="clip at-queue">{call.queue.split("/").at(-1)}</td>
      <td class="num right at-priority" data-label={t("waiting.priority")}>
        {call.priority}
      </td>
      <td class="num right at-place" data-label={t("waiting.place")}>
        {place}
      </td>
      <td class="num right at-expected" data-label={t("waiting.expected")}>
        {expected === null ? t("waiting.unknown") : t("waiting.minutes", { minutes: minutes(expected) })}
      </td>
    </tr>
  );
}

/** The sign of how long somebody waits. */
function Mark({ since }: { since: number }) {
  const stage = useMemo(() => computed(() => level(now.value - since, marks.value)), [since]);
  const at = stage.value;
  return (
    <span class="mark" data-level={at}>
      {at > 0 && <Icon name={LEVEL_ICON[at]} />}
      {at > 0 && <span class="out-of-sight">{w("level", String(at), marks.value)}</span>}
    </span>
  );
}
