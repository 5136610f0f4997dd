// A kernel ends with the program that started it. Jupyter names that program in JPY_PARENT_PID; without the variable
// the kernel was started to stay, and is not watched.

const PERIOD_MS = 500;

/** Calls `onDeath` once when the process named by JPY_PARENT_PID is gone; returns a function that stops watching. */
export function watchParent(onDeath: () => void, env: NodeJS.ProcessEnv = process.env): () => void {
  const parent = Number(env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 1 || !isAlive(parent)) return () => undefined;
  const firstParent = process.ppid;
  const timer = setInterval(() => {
    // a dead parent that nobody waits for keeps its id, but its children pass to another process
    if (isAlive(parent) && process.ppid === firstParent) return;
    clearInterval(timer);
    onDeath();
  }, PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
