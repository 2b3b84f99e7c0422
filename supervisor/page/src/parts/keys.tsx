/** What the keys do, and the list that says so. */

import type { Key } from "../core/i18n.ts";
import { address, closeDialog, dialog, go, letterKeys, phase, setLetterKeys, t } from "../state.ts";
import { Dialog } from "./pieces.tsx";

const LIST: readonly (readonly [string | Key, Key])[] = [
  ["?", "keys.help"],
  ["/", "keys.filter"],
  ["w", "keys.wall"],
  ["keys.arrowNames", "keys.arrows"],
  ["Enter", "keys.enter"],
  ["Esc", "keys.escape"],
];

const DEEDS: Record<string, () => void> = {
  "?": () => {
    dialog.value = { kind: "keys" };
  },
  "/": () => document.getElementById("filter")?.focus(),
  w: () => go({ wall: !address.value.wall }),
};

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
}

function pressed(event: KeyboardEvent): void {
  if (phase.value !== "board" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && address.value.wall && dialog.value === null) go({ wall: false });
  const deed = DEEDS[event.key];
  if (deed === undefined || !letterKeys.value || writing(event.target)) return;
  event.preventDefault();
  deed();
}

export function listenToKeys(): void {
  addEventListener("keydown", pressed);
}

export function KeysDialog() {
  return (
    <Dialog name="keys" title={t("keys.title")} onClose={closeDialog}>
      <dl class="keys">
        {LIST.map(([key, what]) => (
          <div key={what}>
            <dt>
              <kbd>{key === "keys.arrowNames" ? t(key) : key}</kbd>
            </dt>
            <dd>{t(what)}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={letterKeys.value}
          onChange={(event) => setLetterKeys(event.currentTarget.checked)}
        />
        {t("keys.on")}
      </label>
    </Dialog>
  );
}
