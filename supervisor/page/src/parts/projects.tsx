/** Today of each project: the rate against its promise, what may still be lost, and whether it is open. */

import { abandoned, now as nowOf, overload } from "../core/figures.ts";
import { count, duration, percent, timeOfDay } from "../core/format.ts";
import { hoursReason } from "../core/i18n.ts";
import { longestOfDay } from "../core/line.ts";
import type { Figures, Period, Project } from "../core/protocol.ts";
import { may } from "../core/rights.ts";
import {
  calls,
  dialog,
  figures,
  language,
  now,
  projectRows,
  session,
  t,
  w,
  waiting,
  zoneOf,
} from "../state.ts";
import { FormulaTip } from "./formula.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { Scroll, standing } from "./pieces.tsx";
import { marks } from "./waiting.tsx";

const STANDING: Record<string, IconName> = { open: "check", closed: "lock", disaster: "warning" };

export function Projects() {
  const rows = projectRows.value;
  return (
    <section class="panel figures" id="figures" aria-labelledby="figures-title" tabIndex={-1}>
      <header class="panel-head">
        <h2 id="figures-title">{t("figures.title")}</h2>
      </header>
      <Scroll label={t("figures.title")} more="cards">
        {rows.length === 0 && <p class="nothing">{t("projects.none")}</p>}
        {rows.map((project) => (
          <Card key={project.id} project={project} figures={figures.value.get(project.id)} />
        ))}
      </Scroll>
    </section>
  );
}

function Card({ project, figures }: { project: Project; figures: Figures | undefined }) {
  return (
    <article class="card" data-project={project.id} aria-labelledby={`card-${project.id}`}>
      <header class="card-head">
        <h3 id={`card-${project.id}`} class="clip" title={project.name}>
          {project.name}
        </h3>
        <Standing project={project} />
      </header>
      {figures !== undefined && <Numbers project={project} figures={figures} />}
    </article>
  );
}

/** Open or closed, why, by whom and until when. */
export function Standing({ project }: { project: Project }) {
  const is = standing(project);
  const can = session.value !== null && may(session.value, project.id, "switch");
  return (
    <div class="standing">
      <span class="pill" data-standing={is} data-test="standing">
        <Icon name={STANDING[is] ?? "unknown"} /> {t(`projects.${is}`)}
      </span>
      <span class="why">{whyStanding(project)}</span>
      {can && (
        <button
          type="button"
          class="small"
          data-test="switch"
          aria-label={t("projects.dialog", { project: project.name })}
          onClick={() => {
            dialog.value = { kind: "project", id: project.id };
          }}
        >
          {t("projects.switch")}
        </button>
      )}
    </div>
  );
}

export function whyStanding(project: Project): string {
  if (project.override === null) return hoursReason(language.value, project.reason);
  const end = project.until
    ? t("projects.until", { until: project.until.replace("T", " ").slice(0, 16) })
    : t("projects.untilRevoked");
  return `${t("projects.byHand", { by: project.by ?? "－" })}　${end}　${project.reason}`;
}

function Numbers({ project, figures }: { project: Project; figures: Figures }) {
  const live = nowOf([...calls.value.values()].filter((call) => call.project === project.id));
  const line = waiting.value.filter((one) => one.call.project === project.id);
  const longest = longestOfDay(figures.longest_wait, line, now.value);
  const lost = abandoned(figures);
  const amount = (value: number) => count(value, language.value);
  const both = t("figures.abandonedBoth", { queue: lost.queue, ivr: lost.ivr });
  return (
    <>
      <div class="rates">
        <Today project={project} figures={figures} />
        <PeriodRate project={project} period={figures.period} />
      </div>
      <dl class="numbers">
        <Amount label={t("figures.received")} value={amount(figures.received)} />
        <Amount label={t("figures.answeredCalls")} value={amount(figures.answered)} />
        <Amount label={t("figures.abandoned")} value={amount(lost.queue + lost.ivr)} note={both} />
        <Amount label={t("figures.overload")} value={amount(overload(figures))} />
        <Amount
          label={t("figures.level", { seconds: marks.value.service_level_s })}
          value={`${percent(figures.service_level)}${figures.service_level === null ? "" : "%"}`}
        />
        <Amount label={t("figures.longest")} value={duration(longest)} />
        <Amount label={t("figures.ivr")} value={amount(live.ivr)} />
        <Amount label={t("figures.lines")} value={amount(live.lines)} />
      </dl>
    </>
  );
}

function Amount({ label, value, note = "" }: { label: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class="num">
        {value}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

/** Today's rate, with its formula, and what today may still lose. */
function Today({ project, figures }: { project: Project; figures: Figures }) {
  const { rate, may_lose_today: left } = figures;
  const under = rate !== null && rate < project.promise.value;
  return (
    <div class="rate" data-under={under}>
      <h4>{t("kpi.today")}</h4>
      <p class="rate-value">
        <FormulaTip project={project} figures={figures} />
        <Verdict under={under} none={rate === null} />
      </p>
      <p class="rate-note">
        <span>{t("figures.promise", { promise: percent(project.promise.value) })}</span>
        <span>
          {t("figures.ofCounted", {
            answered: count(figures.answered, language.value),
            counted: count(figures.counted, language.value),
          })}
        </span>
      </p>
      <p class="budget" data-over={left !== null && left < 0}>
        <Left label={t("budget.today")} left={left} />
      </p>
      {figures.breaks_at !== null && (
        <p class="budget-note">
          {t(left !== null && left < 0 ? "budget.broken" : "budget.breaks", {
            time: timeOfDay(figures.breaks_at, language.value, zoneOf(project.id)),
          })}
        </p>
      )}
    </div>
  );
}

function Verdict({ under, none }: { under: boolean; none: boolean }) {
  const key = none ? "figures.none" : under ? "figures.under" : "figures.met";
  return (
    <span class="verdict" data-under={under} title={t(key)}>
      <Icon name={none ? "unknown" : under ? "down" : "check"} />
      <span class="out-of-sight">{t(key)}</span>
    </span>
  );
}

function Left({ label, left }: { label: string; left: number | null }) {
  const over = left !== null && left < 0;
  const calls = left === null ? "" : count(Math.abs(left), language.value);
  return (
    <>
      <span class="budget-label" title={t("budget.title")}>
        {label}
      </span>
      {over && <Icon name="warning" />}
      <b class="num">
        {left === null ? t("budget.unknown") : t(over ? "budget.over" : "budget.left", { calls })}
      </b>
    </>
  );
}

/** 2026-05 as the month of that name, 2026 as it is. */
export function periodName(name: string): string {
  const [, year, month] = name.match(/^(\d{4})-(\d{2})$/) ?? [];
  if (year === undefined || month === undefined) return name;
  const format = new Intl.DateTimeFormat(language.value === "ja" ? "ja-JP" : "en-GB", {
    month: "long",
    timeZone: "UTC",
  });
  return format.format(Date.UTC(+year, +month - 1, 1));
}

function PeriodRate({ project, period }: { project: Project; period: Period | null }) {
  const unit = w("period", project.promise.period);
  if (period === null) return <p class="rate no-store">{t("figures.noStore", { period: unit })}</p>;
  const under = period.rate !== null && period.rate < period.promise;
  return (
    <div class="rate" data-under={under}>
      <h4>
        {unit}（{periodName(period.name)}）
      </h4>
      <p class="rate-value">
        <span class="num">
          {percent(period.rate)}
          {period.rate !== null && <small>%</small>}
        </span>
        <Verdict under={under} none={period.rate === null} />
      </p>
      <p class="rate-note">
        <span>{t("figures.promise", { promise: percent(period.promise) })}</span>
        <span>
          {t("figures.ofCounted", {
            answered: count(period.answered, language.value),
            counted: count(period.counted, language.value),
          })}
        </span>
      </p>
      <p class="budget" data-over={period.may_lose < 0}>
        <Left label={unit} left={period.may_lose} />
      </p>
      <p class="budget-note">
        {period.catch_up ? t("budget.catchUp", { calls: period.catch_up }) : w("budget", period.state)}
      </p>
    </div>
  );
}
