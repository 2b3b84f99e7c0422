/** The whole page. `data-n` is the number of the frame that it shows: it changes together with the rows. */

import { useEffect } from "preact/hooks";
import { AuditDialog } from "./parts/audit.tsx";
import { Chart } from "./parts/chart.tsx";
import { Header } from "./parts/header.tsx";
import { KeysDialog } from "./parts/keys.tsx";
import { Kpis } from "./parts/kpis.tsx";
import { Login } from "./parts/login.tsx";
import { ProjectDialog } from "./parts/project_dialog.tsx";
import { Projects } from "./parts/projects.tsx";
import { SeatDialog } from "./parts/seat_dialog.tsx";
import { Seats } from "./parts/seats.tsx";
import { Alarms, Announcements, Lamps, OwnEars, StaleBar } from "./parts/status.tsx";
import { Waiting } from "./parts/waiting.tsx";
import { Wall } from "./parts/wall.tsx";
import { address, dialog, language, n, phase, stale, t, toast } from "./state.ts";

export function App() {
  const wall = phase.value === "board" && address.value.wall;
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = t("app.name");
  }, [language.value]);
  useEffect(() => {
    document.documentElement.dataset.wall = String(wall);
  }, [wall]);
  return (
    <div class="root" data-n={n.value} data-stale={stale.value} data-phase={phase.value} data-test="root">
      <Phase wall={wall} />
      <p class="toast" role="status" data-test="toast">
        {toast}
      </p>
    </div>
  );
}

function Phase({ wall }: { wall: boolean }) {
  if (phase.value === "loading")
    return (
      <main class="login">
        <p>{t("app.loading")}</p>
      </main>
    );
  if (phase.value === "login") return <Login />;
  return (
    <>
      <Announcements />
      {wall ? <Wall /> : <Board />}
      <Opened />
    </>
  );
}

function Opened() {
  const open = dialog.value;
  if (open?.kind === "seat") return <SeatDialog key={open.id} id={open.id} />;
  if (open?.kind === "project") return <ProjectDialog key={open.id} id={open.id} />;
  if (open?.kind === "keys") return <KeysDialog />;
  return open?.kind === "audit" ? <AuditDialog /> : null;
}

const SECTIONS = ["waiting", "seats", "figures"] as const;

function Board() {
  return (
    <>
      <nav class="skips" aria-label={t("app.name")}>
        {SECTIONS.map((section) => (
          <a key={section} href={`#${section}`} onClick={skip}>
            {t(`skip.${section}`)}
          </a>
        ))}
      </nav>
      <Header />
      <main class="board">
        <div class="strip">
          <Lamps />
          <OwnEars />
        </div>
        <StaleBar />
        <Alarms />
        <Kpis />
        <div class="columns">
          <Waiting />
          <div class="middle">
            <Seats />
            <Chart />
          </div>
          <Projects />
        </div>
      </main>
    </>
  );
}

/** Goes there; the address stays, since it tells the chosen project. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  const id = (event.currentTarget as HTMLAnchorElement).hash.slice(1);
  document.getElementById(id)?.focus();
}
