/** The board as the last frame left it. Every step gives a new board; rows and tables that stay are the same objects. */

import {
  type Changes,
  type Frame,
  type Rows,
  type Snapshot,
  TABLES,
  type TableName,
  type Tables,
} from "./protocol.ts";

export type Board = { readonly [T in TableName]: ReadonlyMap<string, Rows[T]> };
type Some = Record<TableName, ReadonlyMap<string, Rows[TableName]>>;

/** `n`: number of the last frame applied, -1 before the first. `lost`: a frame is missing, a snapshot has to come. */
export interface Kept {
  readonly n: number;
  readonly dataAt: number;
  readonly lost: boolean;
  readonly board: Board;
}

const NOTHING = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as Board;
export const EMPTY: Kept = { n: -1, dataAt: 0, lost: true, board: NOTHING };

/** What is kept after a frame. Whoever finds `lost` newly set asks for a snapshot. */
export function kept(before: Kept, frame: Frame): Kept {
  if (frame.type === "snapshot") return begun(before, frame);
  if (before.lost) return before;
  if (frame.type === "changes") return frame.n === before.n + 1 ? changed(before, frame) : lost(before);
  return frame.n === before.n ? { ...before, dataAt: frame.data_at } : lost(before);
}

function lost(before: Kept): Kept {
  return { ...before, lost: true };
}

function begun(before: Kept, frame: Snapshot): Kept {
  const [old, rows] = [before.board as Some, frame.tables as Partial<Tables>];
  const tables = TABLES.map((table) => [table, renewed(old[table], rows[table] ?? {})]);
  return { n: frame.n, dataAt: frame.data_at, lost: false, board: Object.fromEntries(tables) as Board };
}

/** Rows that say the same as before stay the same objects: after a reconnection little is drawn anew. */
function renewed<R>(before: ReadonlyMap<string, R>, rows: Record<string, R>): ReadonlyMap<string, R> {
  return new Map(Object.entries(rows).map(([id, row]) => [id, same(before.get(id), row)]));
}

function same<R>(before: R | undefined, row: R): R {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(row) ? before : row;
}

function changed(before: Kept, frame: Changes): Kept {
  const board = { ...before.board } as Some;
  for (const table of TABLES) {
    const [set, gone] = [frame.set?.[table], frame.gone?.[table]];
    if (set !== undefined || gone !== undefined) board[table] = edited(board[table], set ?? {}, gone ?? []);
  }
  return { n: frame.n, dataAt: frame.data_at, lost: false, board: board as unknown as Board };
}

function edited<R>(before: ReadonlyMap<string, R>, set: Record<string, R>, gone: string[]): Map<string, R> {
  const after = new Map(before);
  for (const [id, row] of Object.entries(set)) after.set(id, row);
  for (const id of gone) after.delete(id);
  return after;
}
