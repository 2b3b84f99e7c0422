import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, type Link, OVER, pause } from "../src/core/connection.ts";
import type { Kept } from "../src/core/store.ts";

class Socket {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

interface Later {
  seconds: number;
  then: () => void;
}

/** A world whose clock only the test moves. */
class World {
  sockets: Socket[] = [];
  timers = new Set<Later>();
  session: boolean | Error = true;

  open(): WebSocket {
    const socket = new Socket();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  async proceed(): Promise<boolean> {
    if (this.session instanceof Error) throw this.session;
    return this.session;
  }

  later(seconds: number, then: () => void): () => void {
    const timer = { seconds, then };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  chance(): number {
    return 1;
  }

  get last(): Socket {
    const socket = this.sockets.at(-1);
    assert.ok(socket);
    return socket;
  }

  /** The only timer runs off. */
  async elapse(): Promise<number> {
    const [timer, ...others] = [...this.timers];
    assert.ok(timer && others.length === 0, `${this.timers.size} timers`);
    this.timers.delete(timer);
    timer.then();
    await new Promise((done) => setImmediate(done));
    return timer.seconds;
  }
}

function begin() {
  const world = new World();
  const links: Link[] = [];
  const seen: Kept[] = [];
  const connection = new Connection(world, {
    frame: (_, kept) => seen.push(kept),
    link: (link) => links.push(link),
  });
  connection.start();
  return { world, links, seen, connection };
}

const snapshot = (n: number) => ({ type: "snapshot", n, at: 1, data_at: 1, tables: {} });

test("after a gap it asks once for a snapshot, and goes on with it", () => {
  const { world, seen } = begin();
  world.last.tell(snapshot(1));
  world.last.tell({ type: "changes", n: 3, at: 2, data_at: 2 });
  world.last.tell({ type: "changes", n: 4, at: 2, data_at: 2 });
  assert.deepEqual(world.last.sent, ['{"type":"snapshot"}']);
  world.last.tell(snapshot(4));
  assert.deepEqual([seen.at(-1)?.lost, seen.at(-1)?.n], [false, 4]);
});

test("a lost connection comes back, later each time, and at once again after a good one", async () => {
  const { world, links, seen } = begin();
  world.last.tell(snapshot(1));
  world.session = new Error("nobody there");
  world.last.onclose?.({ code: 1006 });
  assert.deepEqual([await world.elapse(), await world.elapse(), await world.elapse()], [0.5, 1, 2]);
  assert.equal(world.sockets.length, 1, "no socket while nobody answers");
  assert.equal(seen.at(-1)?.n, 1, "what was kept is still there to be seen");
  world.session = true;
  assert.equal(await world.elapse(), 4);
  assert.equal(world.sockets.length, 2);
  world.last.tell(snapshot(7));
  world.last.onclose?.({ code: 1001 });
  assert.equal(await world.elapse(), 0.5);
  assert.deepEqual(links.slice(0, 3), ["connecting", "open", "waiting"]);
});

test("the pause grows to ten seconds and no further, and chance halves it at most", () => {
  assert.deepEqual(
    [1, 2, 5, 6, 50].map((failures) => pause(failures, 1)),
    [0.5, 1, 8, 10, 10],
  );
  assert.equal(pause(6, 0), 5);
});

test("a session that is over ends it, whether told by the socket or found out at the next try", async () => {
  const told = begin();
  told.world.last.onclose?.({ code: OVER });
  assert.equal(told.links.at(-1), "over");
  assert.equal(told.world.timers.size, 0);
  const found = begin();
  found.world.session = false;
  found.world.last.onclose?.({ code: 1006 });
  await found.world.elapse();
  assert.equal(found.links.at(-1), "over");
  assert.equal(found.world.sockets.length, 1);
});

test("a line on which nothing comes is let go, though nobody has closed it", async () => {
  const { world, links } = begin();
  world.last.tell(snapshot(1));
  assert.equal(await world.elapse(), 10);
  assert.equal(world.last.closed, true);
  assert.equal(links.at(-1), "waiting");
  assert.equal(await world.elapse(), 0.5);
  assert.equal(world.sockets.length, 2);
});

test("what is stopped stays stopped", () => {
  const { world, connection, seen } = begin();
  const socket = world.last;
  connection.stop();
  socket.tell(snapshot(1));
  socket.onclose?.({ code: 1000 });
  connection.hurry();
  assert.deepEqual([seen.length, world.timers.size, world.sockets.length], [0, 0, 1]);
});

test("when the network is back it does not wait for its turn", async () => {
  const { world, connection } = begin();
  world.last.onclose?.({ code: 1006 });
  connection.hurry();
  await new Promise((done) => setImmediate(done));
  assert.deepEqual([world.sockets.length, world.timers.size], [2, 1]);
});
