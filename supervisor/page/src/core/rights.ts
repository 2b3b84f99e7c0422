/** What somebody may do: only so that no button promises what the server would refuse. The server decides. */

import type { Act, Call, Ear, Project, Seat, Session } from "./protocol.ts";

export function may(session: Session, project: string, act: Act): boolean {
  return session.may[project]?.includes(act) ?? false;
}

/** Whether there is a project of which the session says nothing: one that was not there yet at the log-in. */
export function hasNews(session: Session, projects: Iterable<string>): boolean {
  return [...projects].some((project) => session.may[project] === undefined);
}

/** Projects for which somebody may do this. */
export function projectsFor(session: Session, act: Act): string[] {
  return Object.keys(session.may).filter((project) => may(session, project, act));
}

/**
 * Whether somebody may set this seat's state: it takes calls of his projects, or they are supervised from it. Whoever is
 * logged out sits down by his telephone: nobody can do that for him.
 */
export function maySet(session: Session, seat: Seat): boolean {
  if (seat.state === "LOGGED_OUT") return false;
  return [...seat.projects, ...seat.supervises].some((project) => may(session, project, "seat"));
}

/**
 * The telephones from which somebody may hear a call of this project: where he sits, first; then those that may be
 * heard from as long as nobody in particular sits there.
 */
export function telephones(session: Session, seats: Iterable<Seat>, project: string, heard: string): Seat[] {
  const others = [...seats].filter((seat) => seat.id !== heard);
  const own = others.filter((seat) => seat.operator !== "" && seat.operator === session.user);
  const shared = others.filter((seat) => seat.operator === "" && seat.supervises.includes(project));
  return [...own, ...shared];
}

/** The ear that somebody has on this seat's conversation from his own telephone, and may end. */
export function ownEars(session: Session, ears: Iterable<Ear>): Ear[] {
  return [...ears].filter((ear) => ear.by === session.user);
}

/** Whether a row belongs to the chosen project; "" is all of them. */
export function chosen(filter: string, project: string): boolean {
  return filter === "" || filter === project;
}

export function seatChosen(filter: string, seat: Seat, call: Call | undefined): boolean {
  return filter === "" || seat.projects.includes(filter) || call?.project === filter;
}

/** The filter, if there is such a project; else all. */
export function knownFilter(filter: string, projects: ReadonlyMap<string, Project>): string {
  return projects.has(filter) ? filter : "";
}
