const INEXACT = [
  ...["exp", "expm1", "log", "log1p", "log2", "log10", "pow", "cbrt", "hypot", "random"],
  ...["sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"],
] as const;

/**
 * Runs something while the functions that ECMAScript leaves to the engine, the clocks and the unseeded random numbers
 * throw. (`**` cannot be caught so; the sources are searched for it elsewhere.)
 */
export async function withoutEngineMathematics<T>(run: () => Promise<T>): Promise<T> {
  const forbid = (name: string) => () => {
    throw new Error(`${name} must not be called on a path to weights or samples`);
  };
  const original = { math: { ...pick(Math, INEXACT) }, Date, now: performance.now };
  const ForbiddenDate = Object.assign(forbid("Date"), { now: forbid("Date.now"), parse: Date.parse, UTC: Date.UTC });
  try {
    for (const name of INEXACT) Math[name] = forbid(`Math.${name}`);
    globalThis.Date = new Proxy(original.Date, {
      apply: ForbiddenDate,
      construct: ForbiddenDate,
      get: (target, member, receiver) => (member === "now" ? ForbiddenDate.now : Reflect.get(target, member, receiver)),
    });
    performance.now = forbid("performance.now");
    return await run();
  } finally {
    Object.assign(Math, original.math);
    globalThis.Date = original.Date;
    performance.now = original.now;
  }
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}
