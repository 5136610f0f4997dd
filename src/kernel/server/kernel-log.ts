const LINES_A_SECOND = 20;

/** Writes notes of the kernel itself to its own stderr; a flood of them is cut, with a count. */
export function createKernelLog(write: (text: string) => void): (text: string) => void {
  let second = 0;
  let lines = 0;
  return (text) => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) {
      if (lines > LINES_A_SECOND) write(`labelfree kernel: ${lines - LINES_A_SECOND} more notes left out\n`);
      second = now;
      lines = 0;
    }
    lines += 1;
    if (lines <= LINES_A_SECOND) write(`labelfree kernel: ${text}\n`);
  };
}
