// Whether a worked solution goes back over its own steps, as "wait, let me check" does in text. Of the text before the last
// "#", split at ";", equation number `steps` and later ones (what the problem does not ask for) count if one of them undoes
// an earlier equation: it begins at its result, with the opposite operator and the same operand (`42-2=40` after `40+2=42`).
// Where it arrives does not matter: a check that finds a slip arrives elsewhere.

interface Equation {
  readonly from: string;
  readonly operator: string;
  readonly operand: string;
  readonly to: string;
}

const EQUATION = /^(\d+)([+-])(\d+)=(\d+)$/;

/** Whether a response to a problem of so many steps reflects. */
export function reflects(text: string, steps: number): boolean {
  const mark = text.lastIndexOf("#");
  const equations = (mark < 0 ? text : text.slice(0, mark)).split(";").flatMap(parseEquation);
  return equations.some((later, place) => place >= steps && equations.slice(0, place).some((e) => undoes(later, e)));
}

function undoes(later: Equation, earlier: Equation): boolean {
  return later.from === earlier.to && later.operand === earlier.operand && later.operator !== earlier.operator;
}

function parseEquation(text: string): Equation[] {
  const match = EQUATION.exec(text);
  if (match === null) return [];
  const [, from, operator, operand, to] = match;
  return [{ from, operator, operand, to }];
}
