/** What can be trusted: the age of the data, the connection, the five lamps and the alarms that stand. */

import { computed } from "@preact/signals";
import { timeOfDay } from "../core/format.ts";
import { ALARMS, type Alarm, PARTS, type Part } from "../core/protocol.ts";
import { ageText, alarms, ears, language, link, n, session, stale, t, w, zone } from "../state.ts";
import { Icon, LAMP_ICON } from "./icons.tsx";
import { Stop } from "./seat_dialog.tsx";

type Light = keyof typeof LAMP_ICON;
const standing = computed(() => [...alarms.value.values()].sort((a, b) => a.since - b.since));

/** How a part is; not known while no data come, except that an alarm goes on until it is known to be over. */
function light(part: Part, all: Alarm[], known: boolean): Light {
  const own = all.filter((alarm) => alarm.part === part);
  if (own.some((alarm) => alarm.severity === "critical")) return "critical";
  if (own.length > 0) return "warning";
  return known ? "ok" : "unknown";
}

export function Lamps() {
  const known = n.value >= 0 && !stale.value;
  return (
    <ul class="lamps" aria-label={t("alarms.title")}>
      {PARTS.map((part) => {
        const is = light(part, standing.value, known);
        return (
          <li key={part} class="lamp" data-lamp={is} data-part={part} data-test="lamp">
            <Icon name={LAMP_ICON[is]} />
            <span>{w("part", part)}</span>
            <b>{w("lamp", is)}</b>
          </li>
        );
      })}
    </ul>
  );
}

/** The age stands there always; only its text changes. */
export function Age() {
  return (
    <p class="age" data-link={link.value}>
      <span class="link" data-test="link">
        {w("link", link.value)}
      </span>
      <span class="age-label">{t("age.label")}</span>
      <b class="num" data-test="age">
        {ageText}
      </b>
    </p>
  );
}

export function StaleBar() {
  if (!stale.value) return null;
  return (
    <p class="stale-bar" data-test="stale">
      <Icon name="warning" />
      {t("stale.text", { age: ageText.value })}
    </p>
  );
}

const KNOWN: ReadonlySet<string> = new Set(ALARMS);

/** What an alarm means, in the reader's language; of one that is newer than this page, the server's own words. */
function words(alarm: Alarm): string {
  return KNOWN.has(alarm.id) ? w("alarm", alarm.id) : alarm.text;
}

export function Alarms() {
  const all = standing.value;
  if (all.length === 0) return null;
  return (
    <section class="alarms" aria-labelledby="alarms-title" data-test="alarms">
      <h2 id="alarms-title">{t("alarms.standing", { count: all.length })}</h2>
      <ul>
        {all.map((alarm) => (
          <li key={alarm.id} data-severity={alarm.severity}>
            <Icon name={LAMP_ICON[alarm.severity]} />
            <b>
              {w("part", alarm.part)} {w("lamp", alarm.severity)}
            </b>
            <span>{words(alarm)}</span>
            {words(alarm) !== alarm.text && (
              <small class="clip" lang="en">
                {alarm.text}
              </small>
            )}
            <span class="since num">
              {t("alarms.since", { time: timeOfDay(alarm.since, language.value, zone.value) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In which conversation whoever looks at this takes part himself. */
export function OwnEars() {
  const own = [...ears.value.values()].filter((ear) => ear.by === session.value?.user);
  return (
    <>
      {own.map((ear) => (
        <Stop key={ear.id} ear={ear} />
      ))}
    </>
  );
}

const critical = computed(() =>
  standing.value
    .filter((alarm) => alarm.severity === "critical")
    .map((alarm) => t("alarms.new", { part: w("part", alarm.part), text: words(alarm) }))
    .join(" "),
);
/** The age at the moment when data went stale: said once, not every quarter of a second. */
const said = computed(() => (stale.value ? t("stale.text", { age: ageText.peek() }) : t("stale.again")));

/** For those who do not see: that data are old, that they come again, and what has failed. */
export function Announcements() {
  return (
    <>
      <p class="out-of-sight" aria-live="assertive" data-test="announce-stale">
        {n.value >= 0 && said.value}
      </p>
      <p class="out-of-sight" aria-live="polite">
        {critical}
      </p>
    </>
  );
}
