import { currentCell } from "./cell.ts";

type Timer = NodeJS.Timeout;
type SetTimer = (callback: (...values: unknown[]) => void, delay?: number, ...values: unknown[]) => Timer;

/** Lets an interrupt stop the timers that the interrupted cell has set; those of cells that have ended go on. */
export function installTimers(): void {
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
