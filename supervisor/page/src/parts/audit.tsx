/** The audit log, for those who may read it. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { audit } from "../api.ts";
import { moment } from "../core/format.ts";
import type { AuditEntry } from "../core/protocol.ts";
import { closeDialog, language, t, w, zone } from "../state.ts";
import { Fault } from "./confirm.tsx";
import { Dialog, refusalText, Scroll } from "./pieces.tsx";

const LIMIT = 100;
const COLUMNS = new Set(["at", "by", "what", "why"]);

export function AuditDialog() {
  const [entries, setEntries] = useState<AuditEntry[] | null>(null);
  const [fault, setFault] = useState({ text: "", detail: "" });
  const load = useCallback(async () => {
    try {
      setEntries(await audit(LIMIT));
      setFault({ text: "", detail: "" });
    } catch (thrown) {
      setFault(refusalText(thrown));
    }
  }, []);
  useEffect(() => void load(), [load]);
  return (
    <Dialog name="audit" title={t("audit.title")} onClose={closeDialog}>
      <div class="row">
        <p class="hint grow">{t("audit.lead", { limit: LIMIT })}</p>
        <button type="button" onClick={() => void load()}>
          {t("audit.reload")}
        </button>
      </div>
      <Fault {...fault} />
      {entries !== null && <Entries entries={entries} />}
    </Dialog>
  );
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  if (entries.length === 0) return <p class="nothing">{t("audit.none")}</p>;
  return (
    <Scroll label={t("audit.title")}>
      <table class="plain" data-test="audit">
        <thead>
          <tr>
            <th scope="col">{t("audit.at")}</th>
            <th scope="col">{t("audit.by")}</th>
            <th scope="col">{t("audit.what")}</th>
            <th scope="col">{t("audit.why")}</th>
            <th scope="col">{t("audit.more")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, index) => (
            <tr key={`${index} ${entry.at}`}>
              <td class="num">{at(entry.at)}</td>
              <td>{entry.by}</td>
              <td>{w("deed", entry.what)}</td>
              <td>{entry.why ?? ""}</td>
              <td class="more">{more(entry)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Day and time here; what is no time stays as it is. */
function at(told: string): string {
  const parsed = Date.parse(told);
  return Number.isNaN(parsed) ? told : moment(parsed / 1000, language.value, zone.value);
}

function more(entry: AuditEntry): string {
  return Object.entries(entry)
    .filter(([key, value]) => !COLUMNS.has(key) && value !== "" && value !== null)
    .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join("　");
}
