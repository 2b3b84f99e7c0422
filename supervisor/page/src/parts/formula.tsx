/** A rate that tells, on pointing or on focus, by which calls and which version of the contract it was computed. */

import { useEffect, useId, useRef } from "preact/hooks";
import { formula, type Term } from "../core/figures.ts";
import { count, percent } from "../core/format.ts";
import type { Figures, Project } from "../core/protocol.ts";
import { language, t, w } from "../state.ts";

const LEAVE_MS = 150;

/** Shows `tip` beside `anchor`, within the window. */
function place(tip: HTMLElement, anchor: HTMLElement): void {
  if (!tip.matches(":popover-open")) tip.showPopover();
  const [at, size] = [anchor.getBoundingClientRect(), tip.getBoundingClientRect()];
  const left = Math.min(at.left, window.innerWidth - size.width - 8);
  const below = at.bottom + 6;
  const top = below + size.height < window.innerHeight ? below : at.top - size.height - 6;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

/** Opens on pointing and focus, stays while the pointer is on it, closes on Escape (WCAG 1.4.13). */
function useTip() {
  const anchor = useRef<HTMLButtonElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const timer = useRef(0);
  const show = () => {
    clearTimeout(timer.current);
    if (tip.current && anchor.current) place(tip.current, anchor.current);
  };
  const hide = () => {
    clearTimeout(timer.current);
    if (tip.current?.matches(":popover-open")) tip.current.hidePopover();
  };
  const leave = () => {
    timer.current = window.setTimeout(hide, LEAVE_MS);
  };
  useEffect(() => hide, []);
  return { anchor, tip, show, hide, leave };
}

export function FormulaTip({ project, figures }: { project: Project; figures: Figures }) {
  const { anchor, tip, show, hide, leave } = useTip();
  const id = useId();
  const rate = percent(figures.rate);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="rate-button num"
        data-test="rate"
        aria-label={t("figures.rateHelp", { rate })}
        aria-describedby={id}
        onPointerEnter={show}
        onPointerLeave={leave}
        onFocus={show}
        onBlur={hide}
        onClick={show}
        onKeyDown={(event) => event.key === "Escape" && hide()}
      >
        {rate}
        {figures.rate !== null && <small>%</small>}
      </button>
      <div
        ref={tip}
        id={id}
        role="tooltip"
        popover="manual"
        class="tip"
        data-test="formula"
        onPointerEnter={show}
        onPointerLeave={leave}
      >
        <Words project={project} figures={figures} />
      </div>
    </>
  );
}

function Words({ project, figures }: { project: Project; figures: Figures }) {
  const { promise } = project;
  const written = formula(promise, figures);
  const amount = (value: number) => count(value, language.value);
  return (
    <>
      <p class="tip-title">{t("figures.formula", { version: promise.version })}</p>
      <p class="tip-line num">
        {t("figures.formulaLine", {
          answered: amount(written.answered),
          counted: amount(written.counted),
          rate: percent(figures.rate),
        })}
      </p>
      <Terms title={t("figures.numerator")} terms={written.above} />
      <Terms title={t("figures.denominator")} terms={written.below} />
      <dl class="terms">
        {promise.short_abandon_s > 0 && (
          <div>
            <dt>{t("figures.short", { seconds: promise.short_abandon_s })}</dt>
            <dd class="num">−{amount(written.short)}</dd>
          </div>
        )}
        <div class="terms-total">
          <dt>{t("figures.total")}</dt>
          <dd class="num">{amount(written.counted)}</dd>
        </div>
      </dl>
    </>
  );
}

function Terms({ title, terms }: { title: string; terms: Term[] }) {
  return (
    <>
      <p class="terms-title">{title}</p>
      <dl class="terms">
        {terms.map((term) => (
          <div key={term.outcome}>
            <dt>{w("outcome", term.outcome)}</dt>
            <dd class="num">{count(term.calls, language.value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
