/** What the page keeps in the address after the #: the chosen project and whether it hangs on a wall. */

export interface Address {
  project: string;
  wall: boolean;
}

/** `#project=saitama-autotax&wall`. */
export function addressOf(hash: string): Address {
  const told = new URLSearchParams(hash.replace(/^#/, ""));
  return { project: told.get("project") ?? "", wall: told.has("wall") };
}

export function hashOf(address: Address): string {
  const parts = address.project ? [`project=${encodeURIComponent(address.project)}`] : [];
  return [...parts, ...(address.wall ? ["wall"] : [])].join("&");
}
