import { currentCell } from "./cell.ts";
import { isInterrupted } from "./shared-words.ts";

type Timer = NodeJS.Timeout;
type SetTimer = (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]) => Timer;

/** Lets an interrupt stop the timers that the interrupted cell has set; those of cells that have ended go on. */
export function installTimers(words: Int32Array): void {
  installTicks(words);
  for (const name of ["setTimeout", "setInterval"] as const) {
    const set = globalThis[name] as unknown as SetTimer;
    const replaced: SetTimer = (callback, delay, ...values) => {
      const cell = currentCell.getStore();
      if (cell === undefined || !cell.isRunning || typeof callback !== "function")
        return set(callback, delay, ...values);
      const timer = set(
        (...given) => {
          if (name === "setTimeout") cell.timers.delete(timer);
          callback(...given);
        },
        delay,
        ...values,
      );
      cell.timers.add(timer);
      return timer;
    };
    Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(set));
    Reflect.set(globalThis, name, replaced);
  }
}

type Schedule = (callback: (...values: unknown[]) => void, ...values: unknown[]) => unknown;

/** A chain of ticks or immediates of a cell ends when an interrupt waits to be heard. */
function installTicks(words: Int32Array): void {
  for (const [holder, name] of [
    [process, "nextTick"],
    [globalThis, "queueMicrotask"],
    [globalThis, "setImmediate"],
  ] as const) {
    const schedule = Reflect.get(holder, name) as Schedule;
    const replaced: Schedule = (callback, ...values) => {
      if (!currentCell.getStore()?.isRunning || typeof callback !== "function") return schedule(callback, ...values);
      const guarded: Parameters<Schedule>[0] = (...given) => {
        if (!isInterrupted(words)) callback(...given);
      };
      return schedule(guarded, ...values);
    };
    Object.defineProperties(replaced, Object.getOwnPropertyDescriptors(schedule));
    Reflect.set(holder, name, replaced);
  }
}
