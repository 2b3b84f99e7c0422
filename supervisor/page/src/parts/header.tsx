/** The head of the page: what is shown, and who looks at it. */

import { projectsFor } from "../core/rights.ts";
import {
  address,
  dialog,
  filter,
  go,
  language,
  logOut,
  projects,
  session,
  setLanguage,
  t,
} from "../state.ts";
import { Icon } from "./icons.tsx";
import { Age } from "./status.tsx";

export function Header() {
  const who = session.value;
  const audits = who !== null && projectsFor(who, "audit").length > 0;
  return (
    <header class="head">
      <h1 class="brand">
        <Icon name="phone" /> <span>{t("app.name")}</span>
      </h1>
      <Filter />
      <Age />
      <div class="head-deeds">
        {audits && (
          <button
            type="button"
            class="quiet"
            data-test="audit-open"
            onClick={() => {
              dialog.value = { kind: "audit" };
            }}
          >
            {t("head.audit")}
          </button>
        )}
        <button type="button" class="quiet" data-test="wall-on" onClick={() => go({ wall: true })}>
          {t("head.wall")}
        </button>
        <button
          type="button"
          class="quiet keys-button"
          onClick={() => {
            dialog.value = { kind: "keys" };
          }}
        >
          {t("head.keys")}
        </button>
        <Language />
        <span class="who">{who?.name || who?.user}</span>
        <button type="button" class="quiet" data-test="log-out" onClick={() => void logOut()}>
          {t("head.logout")}
        </button>
      </div>
    </header>
  );
}

function Filter() {
  const rows = [...projects.value.values()];
  return (
    <div class="filter">
      <label for="filter">{t("head.filter")}</label>
      <select
        id="filter"
        data-test="filter"
        value={filter.value}
        onChange={(event) => go({ ...address.value, project: event.currentTarget.value })}
      >
        <option value="">{t("head.all")}</option>
        {rows.map((project) => (
          <option key={project.id} value={project.id}>
            {project.name}
          </option>
        ))}
      </select>
    </div>
  );
}

function Language() {
  const other = language.value === "ja" ? "en" : "ja";
  return (
    <button
      type="button"
      class="quiet"
      lang={other}
      title={t("head.languageTitle")}
      data-test="language"
      onClick={() => setLanguage(other)}
    >
      {t("head.language")}
    </button>
  );
}
