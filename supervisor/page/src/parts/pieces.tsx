/** Small things that many parts are made of. */

import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Refusal } from "../api.ts";
import { duration } from "../core/format.ts";
import type { Project } from "../core/protocol.ts";
import { now, projects, t, w } from "../state.ts";
import { Icon } from "./icons.tsx";

/** A duration that counts up; only its text changes from second to second. */
export function Timer({ since }: { since: number }) {
  const told = useMemo(() => computed(() => duration(now.value - since)), [since]);
  return <span class="num">{told}</span>;
}

/** A window over the page that keeps the focus until it is closed (by its cross, Escape, or `onClose`). */
export function Dialog(props: {
  title: string;
  name: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  const heading = `dialog-${props.name}`;
  return (
    <dialog
      ref={box}
      class={`dialog dialog-${props.name}`}
      aria-labelledby={heading}
      data-test={`dialog-${props.name}`}
      onClose={props.onClose}
    >
      <header class="dialog-head">
        <h2 id={heading}>{props.title}</h2>
        <button
          type="button"
          class="quiet square"
          aria-label={t("do.close")}
          data-test="dialog-close"
          onClick={() => box.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.children}
    </dialog>
  );
}

/** What scrolls by itself: also by the arrow keys, for those who have no mouse. */
export function Scroll(props: { label: string; more?: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, no key scrolls it
    <div class={`scroll ${props.more ?? ""}`} role="group" tabIndex={0} aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** The name of a project, short of nothing; its id where its row has not come. */
export function projectName(id: string): string {
  return projects.value.get(id)?.name ?? id;
}

/** The number of a seat as it stands on its tile: seat07 is 07. */
export function seatName(id: string): string {
  return id.replace(/^seat(?=\d)/, "");
}

/** Open, closed or in disaster mode: the word and how it looks. */
export function standing(project: Project): "open" | "closed" | "disaster" {
  if (project.override === "disaster") return "disaster";
  return project.open ? "open" : "closed";
}

/** What to tell the user of a refusal: what he can do now, and the server's own words where they say more. */
export function refusalText(thrown: unknown): { text: string; detail: string } {
  if (!(thrown instanceof Refusal)) return { text: t("error.failed"), detail: "" };
  const { code, state, message } = thrown;
  if (code === "conflict" && state) return { text: conflict(state), detail: message };
  const telling = code === "bad_request" || code === "conflict" || code === "failed";
  return { text: w("error", code), detail: telling ? message : "" };
}

function conflict(state: string): string {
  const seat = w("seat", state);
  return t("error.conflictState", { state: seat === state ? w("call", state) : seat });
}
