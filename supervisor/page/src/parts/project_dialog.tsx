/** Opens and closes a project at once. */

import { useState } from "preact/hooks";
import { switchProject } from "../api.ts";
import { endOfDay } from "../core/format.ts";
import type { Key } from "../core/i18n.ts";
import { type Project, SWITCHES, type SwitchKind } from "../core/protocol.ts";
import { closeDialog, now, projects, t, w } from "../state.ts";
import { Confirm } from "./confirm.tsx";
import { Dialog, standing } from "./pieces.tsx";
import { whyStanding } from "./projects.tsx";

const REASONS: Record<SwitchKind, Key[]> = {
  closed: ["reason.weather", "reason.fault", "reason.office"],
  open: ["reason.extended", "reason.office"],
  disaster: ["reason.disaster", "reason.weather"],
  none: ["reason.office", "reason.other"],
};

export function ProjectDialog({ id }: { id: string }) {
  const project = projects.value.get(id);
  const [kind, setKind] = useState<SwitchKind | null>(null);
  if (project === undefined) return null;
  return (
    <Dialog name="project" title={t("projects.dialog", { project: project.name })} onClose={closeDialog}>
      {kind === null ? (
        <Choose project={project} choose={setKind} />
      ) : (
        <Order project={project} kind={kind} cancel={() => setKind(null)} />
      )}
    </Dialog>
  );
}

function Choose({ project, choose }: { project: Project; choose: (kind: SwitchKind) => void }) {
  const kinds = SWITCHES.filter((kind) => kind !== (project.override ?? "none"));
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{t("projects.now")}</dt>
          <dd>
            <b>{t(`projects.${standing(project)}`)}</b>　{whyStanding(project)}
          </dd>
        </div>
      </dl>
      <section class="deeds">
        <h3>{t("projects.what")}</h3>
        <div class="deed-row">
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              class="deed"
              data-test={`kind-${kind}`}
              onClick={() => choose(kind)}
            >
              <b>{w("switch", kind)}</b>
              <span>{w("switchWhat", kind)}</span>
            </button>
          ))}
        </div>
      </section>
    </>
  );
}

function Order({ project, kind, cancel }: { project: Project; kind: SwitchKind; cancel: () => void }) {
  const run = async (reason: string, form: FormData) => {
    const until = kind === "none" ? "" : String(form.get("until") ?? "");
    const stored = await switchProject(project.id, { kind, until, reason });
    const done = t("projects.done", { project: project.name, what: w("switch", kind) });
    return stored ? done : `${done} ${t("projects.notStored")}`;
  };
  return (
    <Confirm
      what={w("switch", kind)}
      explanation={`${project.name}　${w("switchWhat", kind)}`}
      reasonLabel={t("reason.label")}
      quick={REASONS[kind]}
      run={run}
      missing={(form) => (kind === "none" || form.get("until") ? "" : t("projects.endMissing"))}
      onCancel={cancel}
      onDone={closeDialog}
    >
      {kind !== "none" && (
        <div class="field">
          <label for="until">{t("projects.end")}</label>
          <input
            id="until"
            name="until"
            type="datetime-local"
            required
            defaultValue={endOfDay(now.peek(), project.timezone)}
            aria-describedby="until-hint"
            data-test="until"
          />
          <p id="until-hint" class="hint">
            {t("projects.endHint")}
          </p>
        </div>
      )}
    </Confirm>
  );
}
