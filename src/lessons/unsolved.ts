// What stands in a gap: it fits every type and, when it runs, tells the check that nobody has solved the exercise yet.

class Unsolved extends Error {
  override readonly name = "Unsolved";

  constructor() {
    super("this is a gap: put your own code in place of todo()");
  }
}

/** Stands where the learner's code goes; throws what the check takes for "not solved yet". */
export function todo(): never {
  throw new Unsolved();
}

export function isUnsolved(error: unknown): boolean {
  return error instanceof Unsolved;
}
