/** What time it is at the server, and how old the data are: this machine's clock may be wrong, or be set. */

const KEPT = 60;
const STEPPED_S = 1;

/** Two readings of this machine, in seconds: of the clock on its wall, and of one that only runs on. */
export interface Reading {
  wall: number;
  run: number;
}

/**
 * How far this machine's clocks are ahead of the server's: the least of the last minute, since what a frame's way
 * took makes it look more.
 */
export class ServerClock {
  private ahead: Reading[] = [];

  /** A frame that was sent at `at` has just come. */
  heard(at: number, now: Reading): void {
    if (this.stepped(now)) this.ahead = [];
    this.ahead.push({ wall: now.wall - at, run: now.run - at });
    if (this.ahead.length > KEPT) this.ahead.shift();
  }

  private stepped(now: Reading): boolean {
    const last = this.ahead.at(-1);
    return last !== undefined && Math.abs(now.wall - now.run - (last.wall - last.run)) > STEPPED_S;
  }

  /** The server's time now. */
  now(now: Reading): number {
    const [wall, run] = this.both(now);
    return Math.max(wall, run);
  }

  /**
   * So old are data of `at`. The later of both clocks counts: one that runs on may stand still while the machine
   * sleeps, and the one on the wall may be set back. Data must never look younger than they are.
   */
  age(at: number, now: Reading): number {
    return Math.max(0, this.now(now) - at);
  }

  private both(now: Reading): [number, number] {
    const least = (key: keyof Reading) => this.ahead.reduce((low, one) => Math.min(low, one[key]), Infinity);
    const known = this.ahead.length > 0;
    return known ? [now.wall - least("wall"), now.run - least("run")] : [now.wall, now.wall];
  }
}
