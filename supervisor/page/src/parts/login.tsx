/** The log-in form. */

import { useEffect, useRef, useState } from "preact/hooks";
import { logIn, Refusal } from "../api.ts";
import { enter, language, remark, setLanguage, t } from "../state.ts";
import { Fault } from "./confirm.tsx";
import { Icon } from "./icons.tsx";
import { refusalText } from "./pieces.tsx";

/** Counts down from what the server told; 0: tries are taken again. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

export function Login() {
  const [busy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const [empty, setEmpty] = useState(false);
  const [left, setLeft] = useCountdown();
  const user = useRef<HTMLInputElement>(null);
  useEffect(() => user.current?.focus(), []);

  async function submit(form: FormData) {
    const [id, password] = [String(form.get("user")).trim(), String(form.get("password"))];
    setEmpty(!id || !password);
    if (!id || !password) return;
    setBusy(true);
    try {
      enter(await logIn(id, password));
    } catch (refusal) {
      setThrown(refusal);
      if (refusal instanceof Refusal) setLeft(refusal.seconds);
      setBusy(false);
    }
  }

  return (
    <main class="login">
      <form
        class="login-card"
        data-test="login"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && left === 0) void submit(new FormData(event.currentTarget));
        }}
      >
        <p class="brand">
          <Icon name="phone" /> {t("app.short")}
        </p>
        <h1>{t("login.lead")}</h1>
        {remark.value && (
          <p class="note" role="status" data-test="remark">
            {t(remark.value === "over" ? "login.over" : "login.out")}
          </p>
        )}
        <div class="field">
          <label for="user">{t("login.user")}</label>
          <input
            id="user"
            name="user"
            ref={user}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            aria-describedby="fault"
          />
        </div>
        <div class="field">
          <label for="password">{t("login.password")}</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            aria-describedby="fault"
          />
        </div>
        <Fault {...fault(empty, thrown, left)} />
        <button type="submit" class="strong wide" disabled={busy || left > 0}>
          {busy ? t("login.busy") : t("login.submit")}
        </button>
        <button
          type="button"
          class="quiet wide"
          lang={language.value === "ja" ? "en" : "ja"}
          onClick={() => setLanguage(language.value === "ja" ? "en" : "ja")}
        >
          {t("head.language")}
        </button>
      </form>
    </main>
  );
}

function fault(empty: boolean, thrown: unknown, left: number): { text: string; detail: string } {
  if (empty) return { text: t("login.empty"), detail: "" };
  if (left > 0) return { text: t("login.tries", { seconds: left }), detail: "" };
  return thrown === null ? { text: "", detail: "" } : refusalText(thrown);
}
