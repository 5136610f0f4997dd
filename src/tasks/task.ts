/** One question with its known answer; `level` runs from 1 (easiest) to 5, `generated` marks synthetic top-up. */
export interface Problem {
  readonly id: string;
  readonly level: number;
  readonly prompt: string;
  readonly answer: string;
  readonly generated: boolean;
}

/** What the trainer needs of any task, micro or real text. */
export interface Task {
  readonly name: string;
  /** Token ids that end a response. */
  readonly stopIds: readonly number[];
  /** Token ids of the prompt, with BOS first. */
  encodePrompt(problem: Problem): number[];
  /** Text of a response's token ids, without the stop token. */
  decode(ids: readonly number[]): string;
  /** The answer that a response gives, or null if it gives none; `ended` is false for a response cut at the limit. */
  extractAnswer(text: string, ended: boolean): string | null;
  /**
   * Name of the class of answers that mean the same, for votes over classes; without it every answer is its own class.
   * A written form is correct or not together with its class.
   */
  answerClass?(answer: string): string;
  isCorrect(answer: string | null, problem: Problem): boolean;
  /** Whether the response has the form that the task asks for, whatever the answer. */
  hasFormat(text: string, ended: boolean): boolean;
  /** Whether the response goes back over earlier steps of its own; null, or no such member: the task cannot tell. */
  reflects?(text: string, problem: Problem): boolean | null;
}
