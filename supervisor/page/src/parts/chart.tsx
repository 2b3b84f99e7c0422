/** Today by half-hours: received and answered as bars, the rate as a line; the same as a table. */

import { computed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Bar, bars } from "../core/figures.ts";
import { percent, timeOfDay } from "../core/format.ts";
import { halfRows, language, projectRows, projects, t, zone } from "../state.ts";
import { Icon } from "./icons.tsx";
import { Scroll } from "./pieces.tsx";

const HALF_HOUR_S = 1800;
const EDGE = { left: 36, right: 42, top: 16, bottom: 20 };
/** Labels of hours need so much room. */
const LABEL_PX = 44;

const day = computed(() => bars(halfRows.value, projects.value));
/** The promise as a line, if all chosen projects have the same. */
const promise = computed(() => {
  const values = new Set(projectRows.value.map((project) => project.promise.value));
  return values.size === 1 ? ([...values][0] ?? null) : null;
});

export function Chart() {
  const [table, setTable] = useState(false);
  const rows = day.value;
  return (
    <section class="panel chart" aria-labelledby="chart-title">
      <header class="panel-head">
        <h2 id="chart-title">{t("chart.title")}</h2>
        {!table && rows.length > 0 && <Legend />}
        <button
          type="button"
          class="small"
          data-test="chart-table"
          aria-pressed={table}
          onClick={() => setTable(!table)}
        >
          {t("chart.table")}
        </button>
      </header>
      {rows.length === 0 ? (
        <p class="nothing">{t("chart.none")}</p>
      ) : table ? (
        <Table rows={rows} />
      ) : (
        <Picture rows={rows} />
      )}
    </section>
  );
}

function Legend() {
  return (
    <p class="legend" aria-hidden="true">
      <span class="key key-received">{t("figures.received")}</span>
      <span class="key key-answered">{t("figures.answeredCalls")}</span>
      <span class="key key-rate">{t("figures.rate")}</span>
      <span class="key key-under">
        <Icon name="down" /> {t("chart.underShort")}
      </span>
    </p>
  );
}

/** Where things stand in a picture of this size, in pixels: so that letters have the same size in each. */
interface Scale {
  width: number;
  height: number;
  first: number;
  step: number;
  most: number;
}

/** A round number of calls at the top of the left edge, at least 4. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 4)));
  return [1, 2, 4, 6, 8, 10].map((times) => times * power).find((round) => round >= value) ?? value;
}

function scaleOf(rows: Bar[], width: number, height: number): Scale {
  const first = rows[0]?.start ?? 0;
  const slots = ((rows.at(-1)?.start ?? first) - first) / HALF_HOUR_S + 1;
  const most = roundUp(Math.max(4, ...rows.map((bar) => Math.max(bar.received, bar.answered))));
  const step = (width - EDGE.left - EDGE.right) / Math.max(slots, 12);
  return { width, height, first, step, most };
}

const floor = (scale: Scale) => scale.height - EDGE.bottom;
const high = (share: number, scale: Scale) => share * (floor(scale) - EDGE.top);
const rateY = (rate: number, scale: Scale) => floor(scale) - high(rate, scale);
const left = (bar: Bar, scale: Scale) => EDGE.left + ((bar.start - scale.first) / HALF_HOUR_S) * scale.step;
const middle = (bar: Bar, scale: Scale) => left(bar, scale) + scale.step / 2;

/** The size that an element has, now and whenever it changes. */
function useSize() {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => entry && setSize(entry.contentRect));
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return { box, width: Math.floor(size.width), height: Math.floor(size.height) };
}

function Picture({ rows }: { rows: Bar[] }) {
  const { box, width, height } = useSize();
  return (
    <div class="picture" ref={box}>
      {width > 0 && height > 0 && <Drawing rows={rows} scale={scaleOf(rows, width, height)} />}
    </div>
  );
}

function Drawing({ rows, scale }: { rows: Bar[]; scale: Scale }) {
  return (
    <svg
      width={scale.width}
      height={scale.height}
      role="img"
      aria-label={t("chart.description")}
      data-test="chart"
    >
      <Axes scale={scale} />
      {rows.map((bar) => (
        <Column key={bar.start} bar={bar} scale={scale} />
      ))}
      <polyline class="rate-line" points={line(rows, scale)} />
      {rows.map((bar) => bar.rate !== null && <RateDot key={bar.start} bar={bar} scale={scale} />)}
    </svg>
  );
}

function line(rows: Bar[], scale: Scale): string {
  return rows
    .filter((bar) => bar.rate !== null)
    .map((bar) => `${middle(bar, scale).toFixed(1)},${rateY(bar.rate ?? 0, scale).toFixed(1)}`)
    .join(" ");
}

/** The edges: calls to the left, per cent to the right; and the promise. */
function Axes({ scale }: { scale: Scale }) {
  const end = scale.width - EDGE.right;
  return (
    <>
      {[0, 0.5, 1].map((share) => (
        <g key={share} class="axis">
          <line x1={EDGE.left} x2={end} y1={rateY(share, scale)} y2={rateY(share, scale)} />
          <text x={EDGE.left - 5} y={rateY(share, scale) + 4} class="to-left">
            {scale.most * share}
          </text>
          <text x={end + 5} y={rateY(share, scale) + 4}>
            {share * 100}%
          </text>
        </g>
      ))}
      {promise.value !== null && (
        <line
          class="promise"
          x1={EDGE.left}
          x2={end}
          y1={rateY(promise.value, scale)}
          y2={rateY(promise.value, scale)}
        />
      )}
    </>
  );
}

function Column({ bar, scale }: { bar: Bar; scale: Scale }) {
  const gap = scale.step * 0.14;
  const [x, width] = [left(bar, scale) + gap, scale.step - 2 * gap];
  const [received, answered] = [bar.received, bar.answered].map((calls) => high(calls / scale.most, scale));
  const at = middle(bar, scale);
  return (
    <g data-under={bar.under}>
      <rect class="received" x={x} width={width} y={floor(scale) - (received ?? 0)} height={received} />
      <rect class="answered" x={x} width={width} y={floor(scale) - (answered ?? 0)} height={answered} />
      {bar.under && <path class="under" d={`M${at - 5} 3h10l-5 8z`} />}
      <Hour bar={bar} scale={scale} />
    </g>
  );
}

/** The time below a half-hour: each full hour's, or each second one's where there is little room. */
function Hour({ bar, scale }: { bar: Bar; scale: Scale }) {
  const time = timeOfDay(bar.start, language.value, zone.value);
  const [hour, minute] = time.split(":").map(Number);
  const every = scale.step * 2 < LABEL_PX ? 2 : 1;
  if (minute !== 0 || (hour ?? 0) % every !== 0) return null;
  return (
    <text x={left(bar, scale)} y={scale.height - 5}>
      {time}
    </text>
  );
}

function RateDot({ bar, scale }: { bar: Bar; scale: Scale }) {
  return (
    <circle
      class="rate-dot"
      data-under={bar.under}
      cx={middle(bar, scale)}
      cy={rateY(bar.rate ?? 0, scale)}
      r={bar.under ? 4 : 3}
    />
  );
}

function Table({ rows }: { rows: Bar[] }) {
  return (
    <Scroll label={t("chart.title")}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            <th scope="col" class="right">
              {t("figures.received")}
            </th>
            <th scope="col" class="right">
              {t("figures.answeredCalls")}
            </th>
            <th scope="col" class="right">
              {t("figures.rate")}
            </th>
            <th scope="col">{t("chart.mark")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((bar) => (
            <tr key={bar.start} data-under={bar.under}>
              <th scope="row" class="num">
                {timeOfDay(bar.start, language.value, zone.value)}
              </th>
              <td class="num right">{bar.received}</td>
              <td class="num right">{bar.answered}</td>
              <td class="num right">
                {percent(bar.rate)}
                {bar.rate !== null && "%"}
              </td>
              <td>
                <Verdict bar={bar} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Verdict({ bar }: { bar: Bar }) {
  if (bar.rate === null) return <>－</>;
  return (
    <span class="verdict" data-under={bar.under}>
      <Icon name={bar.under ? "down" : "check"} /> {t(bar.under ? "chart.underShort" : "chart.metShort")}
    </span>
  );
}
