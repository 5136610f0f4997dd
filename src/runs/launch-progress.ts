// How far a set of runs has come and how long it will still take. Steps of different base models cost differently, so the
// rest is estimated for each base from its own steps so far, and for a base not yet seen from the mean of the others.

import { canonicalJson } from "../core/canonical-json.ts";
import { LabelfreeError } from "../core/errors.ts";
import type { PlannedRun } from "./prepare-run.ts";

export interface LaunchProgress {
  readonly runsDone: number;
  readonly runsFailed: number;
  readonly runsTotal: number;
  /** Over all runs; those of finished runs count. */
  readonly stepsDone: number;
  readonly stepsTotal: number;
  /** Over all workers; null before the first step. */
  readonly stepsPerSecond: number | null;
  /** Until all runs are done; null before the first step. */
  readonly etaMs: number | null;
}

interface Track {
  readonly base: string;
  readonly totalSteps: number;
  state: "waiting" | "running" | "done" | "failed";
  step: number;
  stepsHere: number; // done by this launch, not read from an earlier one
  busyMs: number; // spent on stepsHere
  atMs: number | null; // when `step` was reported; null before the first report
}

export class LaunchTracker {
  readonly #tracks: ReadonlyMap<string, Track>;
  readonly #jobs: number;
  readonly #now: () => number;
  readonly #startMs: number;

  /** Follows distinct runs on `jobs` workers; `now` gives milliseconds. */
  constructor(runs: readonly PlannedRun[], { jobs, now }: { jobs: number; now: () => number }) {
    this.#jobs = jobs;
    this.#now = now;
    this.#startMs = now();
    this.#tracks = new Map(
      runs.map(({ run, key, totalSteps }) => {
        const base = canonicalJson([run.base, run.rollouts]);
        return [key, { base, totalSteps, state: "waiting", step: 0, stepsHere: 0, busyMs: 0, atMs: null }];
      }),
    );
  }

  start(key: string): void {
    this.#track(key).state = "running";
  }

  /** Takes in how many steps a run has done; its first report only says where it begins. */
  advance(key: string, step: number): void {
    const track = this.#track(key);
    const now = this.#now();
    if (track.atMs !== null) {
      track.stepsHere += step - track.step;
      track.busyMs += now - track.atMs;
    }
    track.step = step;
    track.atMs = now;
  }

  finish(key: string, state: "done" | "failed"): void {
    const track = this.#track(key);
    track.state = state;
    if (state === "done") track.step = track.totalSteps;
  }

  progress(): LaunchProgress {
    const tracks = [...this.#tracks.values()];
    const count = (state: Track["state"]) => tracks.filter((track) => track.state === state).length;
    const stepsHere = sum(tracks, (track) => track.stepsHere);
    const elapsedMs = this.#now() - this.#startMs;
    return {
      runsDone: count("done"),
      runsFailed: count("failed"),
      runsTotal: tracks.length,
      stepsDone: sum(tracks, (track) => track.step),
      stepsTotal: sum(tracks, (track) => track.totalSteps),
      stepsPerSecond: stepsHere === 0 || elapsedMs <= 0 ? null : (1000 * stepsHere) / elapsedMs,
      etaMs: stepsHere === 0 ? null : this.#etaMs(tracks),
    };
  }

  #track(key: string): Track {
    const track = this.#tracks.get(key);
    if (track === undefined)
      throw new LabelfreeError("launch/unknown-run", `launch: got run ${key}, expected a known one`);
    return track;
  }

  #etaMs(tracks: readonly Track[]): number {
    const msPerStep = (among: readonly Track[]) => sum(among, (t) => t.busyMs) / sum(among, (t) => t.stepsHere);
    const open = tracks.filter(({ state }) => state === "waiting" || state === "running");
    const restMs = open.map((track) => {
      const similar = tracks.filter(({ base, stepsHere }) => base === track.base && stepsHere > 0);
      return (track.totalSteps - track.step) * msPerStep(similar.length > 0 ? similar : tracks);
    });
    const workers = Math.max(1, Math.min(this.#jobs, open.length));
    return Math.max(0, sum(restMs, (ms) => ms) / workers, ...restMs);
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
