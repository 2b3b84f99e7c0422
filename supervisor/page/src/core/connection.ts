/** The line to the server: comes back by itself, slower with every failure, and says so. */

import { type Frame, frameOf } from "./protocol.ts";
import { EMPTY, type Kept, kept } from "./store.ts";

const FIRST_S = 0.5;
const LONGEST_S = 10;
/** A frame comes every second: a line without any for so long is dead, though nobody has said so. */
const SILENT_S = 10;
export const OVER = 4401;

/** Seconds until the next try after so many failures in a row; `chance` (0-1) spreads those who lost it together. */
export function pause(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_S, FIRST_S * 2 ** Math.max(0, failures - 1));
  return whole * (0.5 + chance / 2);
}

export type Link = "connecting" | "open" | "waiting" | "over";

/** What the connection needs of the world. `proceed` false: the session is over; it rejects while nobody answers. */
export interface World {
  open(): WebSocket;
  proceed(): Promise<boolean>;
  later(seconds: number, then: () => void): () => void;
  chance(): number;
}

/** To whom it tells what happens. */
export interface Listener {
  frame(frame: Frame, kept: Kept): void;
  link(link: Link, retry: number): void;
}

export class Connection {
  private kept: Kept = EMPTY;
  private socket: WebSocket | null = null;
  private failures = 0;
  private cancel: () => void = () => undefined;
  private watch: () => void = () => undefined;
  private ended = false;

  constructor(
    private readonly world: World,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.listener.link("connecting", 0);
    const socket = this.world.open();
    this.socket = socket;
    socket.onmessage = (message) => this.heard(String(message.data));
    socket.onclose = (close) => this.closed(close.code);
    this.awaitFrame();
  }

  stop(): void {
    this.ended = true;
    this.cancel();
    this.watch();
    this.socket?.close();
  }

  /** Try at once, for instance because the network has come back. */
  hurry(): void {
    if (this.socket !== null || this.ended) return;
    this.cancel();
    void this.again();
  }

  private awaitFrame(): void {
    this.watch();
    this.watch = this.world.later(SILENT_S, () => this.dropped());
  }

  /** A dead line may take minutes to be closed: it is let go at once. */
  private dropped(): void {
    const socket = this.socket;
    if (socket === null) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.closed(0);
  }

  private heard(text: string): void {
    this.awaitFrame();
    const frame = frameOf(text);
    if (frame === null || this.ended) return;
    const before = this.kept;
    this.kept = kept(before, frame);
    if (frame.type === "snapshot") this.opened();
    if (this.kept.lost && !before.lost) this.socket?.send(JSON.stringify({ type: "snapshot" }));
    this.listener.frame(frame, this.kept);
  }

  private opened(): void {
    this.failures = 0;
    this.listener.link("open", 0);
  }

  private closed(code: number): void {
    this.socket = null;
    this.watch();
    if (this.ended) return;
    // What was kept stays to be seen, growing old; what comes next has to be a snapshot.
    this.kept = { ...this.kept, lost: true };
    if (code === OVER) this.over();
    else this.wait();
  }

  private over(): void {
    this.ended = true;
    this.listener.link("over", 0);
  }

  private wait(): void {
    this.failures++;
    const seconds = pause(this.failures, this.world.chance());
    this.listener.link("waiting", seconds);
    this.cancel = this.world.later(seconds, () => void this.again());
  }

  private async again(): Promise<void> {
    const proceed = await this.world.proceed().catch(() => null);
    if (this.ended || this.socket !== null) return;
    if (proceed === null) this.wait();
    else if (proceed) this.start();
    else this.over();
  }
}
