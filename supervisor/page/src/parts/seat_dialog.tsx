/** One seat: what it is doing, and what may be done about it. */

import { useState } from "preact/hooks";
import { endPart, setSeat, takePart } from "../api.ts";
import type { Key } from "../core/i18n.ts";
import { type Call, EAR_MODES, type Ear, type EarMode, type Seat, type Session } from "../core/protocol.ts";
import { may, maySet, telephones } from "../core/rights.ts";
import { calls, closeDialog, ears, seats, session, t, tell, w } from "../state.ts";
import { Confirm } from "./confirm.tsx";
import { Icon, SEAT_ICON } from "./icons.tsx";
import { Dialog, projectName, refusalText, seatName, Timer } from "./pieces.tsx";

const STATES = ["ready", "break", "logged_out"] as const;
type NewState = (typeof STATES)[number];
type Deed = { ear: EarMode; call: Call } | { state: NewState };

const HEARD = new Set(["TALKING", "HELD", "CONSULTING", "TRANSFERRED"]);
const EAR_REASONS: Key[] = ["reason.complaint", "reason.training", "reason.request", "reason.quality"];
const STATE_REASONS: Record<NewState, Key[]> = {
  ready: ["reason.crowded", "reason.forgotten", "reason.request"],
  break: ["reason.rest", "reason.meal", "reason.study", "reason.other"],
  logged_out: ["reason.left", "reason.forgotten", "reason.request"],
};

export function SeatDialog({ id }: { id: string }) {
  const seat = seats.value.get(id);
  const who = session.value;
  const [deed, setDeed] = useState<Deed | null>(null);
  if (who === null) return null;
  return (
    <Dialog name="seat" title={t("seatDialog.title", { seat: seatName(id) })} onClose={closeDialog}>
      {seat === undefined ? (
        <p class="nothing">{t("seatDialog.gone")}</p>
      ) : deed === null ? (
        <Look seat={seat} who={who} choose={setDeed} />
      ) : "ear" in deed ? (
        <TakePart seat={seat} who={who} deed={deed} cancel={() => setDeed(null)} />
      ) : (
        <SetState seat={seat} state={deed.state} cancel={() => setDeed(null)} />
      )}
    </Dialog>
  );
}

function Look({ seat, who, choose }: { seat: Seat; who: Session; choose: (deed: Deed) => void }) {
  const call = calls.value.get(seat.call);
  const heard = [...ears.value.values()].filter((ear) => ear.heard === seat.id);
  const modes = call && HEARD.has(call.state) ? EAR_MODES.filter((mode) => may(who, call.project, mode)) : [];
  const set = maySet(who, seat);
  return (
    <>
      <About seat={seat} call={call} heard={heard} />
      {call !== undefined && modes.length > 0 && <Join call={call} modes={modes} choose={choose} />}
      {heard
        .filter((ear) => ear.by === who.user)
        .map((ear) => (
          <Stop key={ear.id} ear={ear} />
        ))}
      {set && <States seat={seat} choose={choose} />}
      {!set && modes.length === 0 && <p class="nothing">{t("seatDialog.nothing")}</p>}
    </>
  );
}

function About({ seat, call, heard }: { seat: Seat; call: Call | undefined; heard: Ear[] }) {
  const comma = t("list.comma");
  return (
    <dl class="facts">
      <Fact label={t("seatDialog.operator")}>{seat.name || seat.operator || t("seats.nobody")}</Fact>
      <Fact label={t("seatDialog.extension")}>{seat.number}</Fact>
      <Fact label={t("seatDialog.state")}>
        <span class="state pill" data-state={seat.state}>
          <Icon name={SEAT_ICON[seat.state]} /> {w("seat", seat.state)}
        </span>
        <Timer since={seat.since} />
      </Fact>
      {seat.reason && <Fact label={t("seatDialog.reason")}>{seat.reason}</Fact>}
      <Fact label={t("seatDialog.call")}>{call ? callText(call) : t("seatDialog.noCall")}</Fact>
      <Fact label={t("seatDialog.projects")}>{seat.projects.map(projectName).join(comma) || "－"}</Fact>
      {heard.length > 0 && (
        <Fact label={t("seatDialog.ears")}>
          {heard
            .map((ear) =>
              t("seatDialog.ear", { by: ear.by, mode: w("ear", ear.mode), seat: seatName(ear.id) }),
            )
            .join(comma)}
        </Fact>
      )}
    </dl>
  );
}

function callText(call: Call): string {
  const caller = call.caller || t("waiting.withheld");
  return `${w("direction", call.direction)}　${caller}　${projectName(call.project)}　${w("call", call.state)}`;
}

function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Join(props: { call: Call; modes: EarMode[]; choose: (deed: Deed) => void }) {
  return (
    <section class="deeds">
      <h3>{t("seatDialog.join")}</h3>
      <div class="deed-row">
        {props.modes.map((mode) => (
          <button
            key={mode}
            type="button"
            class="deed"
            data-test={`act-${mode}`}
            onClick={() => props.choose({ ear: mode, call: props.call })}
          >
            <b>{w("ear", mode)}</b>
            <span>{w("earWhat", mode)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** Ends one's own part. Without a question: who wants to be out of a conversation wants it now. */
export function Stop({ ear }: { ear: Ear }) {
  const [fault, setFault] = useState("");
  const stop = async () => {
    try {
      await endPart(ear.id);
      tell(t("seatDialog.stopDone"));
    } catch (thrown) {
      setFault(refusalText(thrown).text);
    }
  };
  return (
    <p class="own-ear" data-test="own-ear">
      <Icon name="ear" />
      {t("ownEar.text", { seat: seatName(ear.heard), mode: w("ear", ear.mode) })}
      <button type="button" class="strong" data-test="stop" onClick={() => void stop()}>
        {t("seatDialog.stop")}
      </button>
      {fault && <span role="alert">{fault}</span>}
    </p>
  );
}

function States({ seat, choose }: { seat: Seat; choose: (deed: Deed) => void }) {
  const now: Partial<Record<string, NewState>> = { READY: "ready", BREAK: "break" };
  const others = STATES.filter((state) => state !== now[seat.state]);
  return (
    <section class="deeds">
      <h3>{t("seatDialog.change")}</h3>
      <div class="row">
        {others.map((state) => (
          <button key={state} type="button" data-test={`act-${state}`} onClick={() => choose({ state })}>
            {w("setState", state)}
          </button>
        ))}
      </div>
    </section>
  );
}

function TakePart(props: {
  seat: Seat;
  who: Session;
  deed: { ear: EarMode; call: Call };
  cancel: () => void;
}) {
  const { ear, call } = props.deed;
  const from = telephones(props.who, seats.value.values(), call.project, props.seat.id);
  const run = async (reason: string, form: FormData) => {
    const telephone = String(form.get("telephone"));
    await takePart(call.id, ear, telephone, reason);
    return w("earDone", ear, { seat: seatName(telephone) });
  };
  return (
    <Confirm
      what={w("ear", ear)}
      explanation={w("earWhat", ear)}
      reasonLabel={t("reason.label")}
      quick={EAR_REASONS}
      run={run}
      onCancel={props.cancel}
      onDone={closeDialog}
      blocked={from.length === 0}
    >
      <Telephone who={props.who} from={from} />
    </Confirm>
  );
}

function Telephone({ who, from }: { who: Session; from: Seat[] }) {
  if (from.length === 0) return <p class="fault">{t("seatDialog.noTelephone")}</p>;
  const label = (seat: Seat) =>
    seat.operator === who.user
      ? t("seatDialog.ownTelephone", { seat: seatName(seat.id) })
      : seatName(seat.id);
  return (
    <div class="field">
      <label for="telephone">{t("seatDialog.telephone")}</label>
      <select id="telephone" name="telephone" data-test="telephone">
        {from.map((seat) => (
          <option key={seat.id} value={seat.id}>
            {label(seat)}
          </option>
        ))}
      </select>
    </div>
  );
}

function SetState({ seat, state, cancel }: { seat: Seat; state: NewState; cancel: () => void }) {
  const run = async (reason: string) => {
    await setSeat(seat.id, state, reason);
    return w("setDone", state, { seat: seatName(seat.id) });
  };
  return (
    <Confirm
      what={w("setState", state)}
      explanation={`${t("seatDialog.title", { seat: seatName(seat.id) })}　${seat.name}`}
      reasonLabel={t(state === "break" ? "reason.breakLabel" : "reason.label")}
      quick={STATE_REASONS[state]}
      run={run}
      onCancel={cancel}
      onDone={closeDialog}
    />
  );
}
