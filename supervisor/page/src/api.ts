/** Requests to the monitor's server. */

import type { AuditEntry, Code, EarMode, Session, SwitchKind } from "./core/protocol.ts";

/** What the server refused, and why; `seconds`: so long until the next try (0: not told). */
export class Refusal extends Error {
  constructor(
    readonly code: Code,
    readonly state: string,
    readonly seconds: number,
    detail: string,
  ) {
    super(detail);
  }
}

let csrf = "";
let sessionOver: () => void = () => undefined;

/** What to do when an act is refused because nobody is logged in any more. */
export function whenOver(then: () => void): void {
  sessionOver = then;
}

async function refusalOf(reply: Response): Promise<Refusal> {
  const told = (await reply.json().catch(() => ({}))) as { code?: Code; state?: string; error?: string };
  const seconds = Number(reply.headers.get("Retry-After")) || 0;
  return new Refusal(told.code ?? "failed", told.state ?? "", seconds, told.error ?? "");
}

async function ask(method: string, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-Denwaban-CSRF"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const more = body === undefined ? {} : { body: JSON.stringify(body) };
  const request: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store", ...more };
  const reply = await fetch(`/api/${path}`, request).catch(() => {
    throw new Refusal("unreachable", "", 0, "");
  });
  if (reply.ok) return reply;
  const refusal = await refusalOf(reply);
  if (refusal.code === "not_logged_in" && path !== "session") sessionOver();
  throw refusal;
}

async function session(reply: Response): Promise<Session> {
  const told = (await reply.json()) as Session;
  csrf = told.csrf;
  return told;
}

export async function logIn(user: string, password: string): Promise<Session> {
  return session(await ask("POST", "session", { user, password }));
}

/** Who is logged in; null where nobody is. */
export async function whoAmI(): Promise<Session | null> {
  try {
    return await session(await ask("GET", "session"));
  } catch (refusal) {
    if (refusal instanceof Refusal && refusal.code === "not_logged_in") return null;
    throw refusal;
  }
}

export async function logOut(): Promise<void> {
  await ask("DELETE", "session");
}

const segment = encodeURIComponent;

export async function setSeat(seat: string, state: string, reason: string): Promise<void> {
  await ask("POST", `seats/${segment(seat)}/state`, { state, reason });
}

export async function takePart(call: string, mode: EarMode, seat: string, reason: string): Promise<void> {
  await ask("POST", `calls/${segment(call)}/ear`, { mode, seat, reason });
}

export async function endPart(seat: string): Promise<void> {
  await ask("DELETE", `seats/${segment(seat)}/ear`);
}

/** Opens or closes a project; false where that holds, but is not stored yet. */
export async function switchProject(
  project: string,
  order: { kind: SwitchKind; until: string; reason: string },
): Promise<boolean> {
  const reply = await ask("POST", `projects/${segment(project)}/switch`, order);
  return ((await reply.json()) as { stored: boolean }).stored;
}

export async function audit(limit: number): Promise<AuditEntry[]> {
  const reply = await ask("GET", `audit?limit=${limit}`);
  return ((await reply.json()) as { entries: AuditEntry[] }).entries;
}
