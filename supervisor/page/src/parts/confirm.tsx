/** Nothing is done without a reason and a second look. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Key } from "../core/i18n.ts";
import { t, tell } from "../state.ts";
import { Icon } from "./icons.tsx";
import { refusalText } from "./pieces.tsx";

interface Props {
  what: string;
  explanation: string;
  reasonLabel: string;
  quick: readonly Key[];
  /** Does it; answers what to tell the user. */
  run: (reason: string, form: FormData) => Promise<string>;
  onCancel: () => void;
  onDone: () => void;
  blocked?: boolean;
  /** What is missing beside the reason; "" where nothing is. */
  missing?: (form: FormData) => string;
  children?: ComponentChildren;
}

export function Confirm(props: Props) {
  const reason = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState({ text: "", detail: "" });
  useEffect(() => reason.current?.focus(), []);

  async function run(form: FormData) {
    const why = String(form.get("reason")).trim();
    const missing = (props.missing?.(form) ?? "") || (why ? "" : t("reason.missing"));
    setError({ text: missing, detail: "" });
    if (missing) {
      if (!why) reason.current?.focus();
      return;
    }
    setBusy(true);
    try {
      tell(await props.run(why, form));
      props.onDone();
    } catch (thrown) {
      setError(refusalText(thrown));
      setBusy(false);
    }
  }

  return (
    <form
      class="confirm"
      data-test="confirm"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void run(new FormData(event.currentTarget));
      }}
    >
      <p class="confirm-what">
        <strong>{t("do.check", { what: props.what })}</strong>
        <br />
        {props.explanation}
      </p>
      {props.children}
      <Reason label={props.reasonLabel} quick={props.quick} input={reason} wrong={error.text !== ""} />
      <Fault {...error} />
      <div class="row end">
        <button type="button" class="quiet" data-test="cancel" onClick={props.onCancel}>
          {t("do.cancel")}
        </button>
        <button type="submit" class="strong" data-test="do" disabled={busy || props.blocked === true}>
          {busy ? t("do.busy") : t("do.confirm")}
        </button>
      </div>
    </form>
  );
}

function Reason(props: {
  label: string;
  quick: readonly Key[];
  input: { current: HTMLInputElement | null };
  wrong: boolean;
}) {
  return (
    <div class="field">
      <label for="reason">{props.label}</label>
      <input
        id="reason"
        name="reason"
        ref={props.input}
        maxLength={200}
        required
        autocomplete="off"
        aria-invalid={props.wrong}
        aria-describedby="fault"
        data-test="reason"
      />
      <fieldset class="quick">
        <legend class="out-of-sight">{t("reason.quick")}</legend>
        {props.quick.map((key) => (
          <button
            key={key}
            type="button"
            class="chip"
            onClick={() => {
              if (props.input.current) props.input.current.value = t(key);
              props.input.current?.focus();
            }}
          >
            {t(key)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

/** Why something was not done. `detail`: the server's own words, in English. */
export function Fault({ text, detail }: { text: string; detail: string }) {
  return (
    <div id="fault" role="alert" class="fault" data-test="fault">
      {text && (
        <p>
          <Icon name="warning" /> {text}
        </p>
      )}
      {detail && (
        <p class="fault-detail" lang="en">
          {detail}
        </p>
      )}
    </div>
  );
}
