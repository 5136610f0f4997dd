// Tokens are single characters, and words or phrases of the story, choice and program forms that carry their own spaces, so
// that a text has one spelling and a prompt stays short. A digit's id is the digit.
import { LabelfreeError } from "../../core/errors.ts";

const CHARACTERS = "0123456789+-=;#? ";

export const STORY_STARTS = ["ann has ", "ben has ", "eva has ", "tom has "] as const;
export const STORY_GAINS = [", gets ", ", finds ", ", wins "] as const;
export const STORY_LOSSES = [", loses ", ", eats ", ", gives "] as const;
export const CHOICE_LABELS = [" 01)", " 02)", " 03)", " 04)"] as const;
export const PROGRAM_WORDS = ["a", "b", "print(a)"] as const;

const WORDS = [...STORY_STARTS, ...STORY_GAINS, ...STORY_LOSSES, ...CHOICE_LABELS, ...PROGRAM_WORDS];

/** The number of tokens that are the plain characters of responses; their ids are 0 to 16. */
export const CHARACTER_COUNT = CHARACTERS.length;
export const PAD = CHARACTER_COUNT + WORDS.length;
export const BOS = PAD + 1;
export const EOS = PAD + 2;

/** The 37 tokens of the micro world, by id. */
export const VOCABULARY: readonly string[] = [...CHARACTERS, ...WORDS, "<pad>", "<bos>", "<eos>"];

const ID_OF_TOKEN: ReadonlyMap<string, number> = new Map([...CHARACTERS, ...WORDS].map((token, id) => [token, id]));

const LONGEST_FIRST = [...WORDS].sort((a, b) => b.length - a.length).map(escapeForPattern);
const TOKEN = new RegExp(`${LONGEST_FIRST.join("|")}|.`, "gsu");

/** Token ids of a text, the longest token first where several fit; throws `tasks/unknown-character`. */
export function encode(text: string): number[] {
  return Array.from(text.matchAll(TOKEN), ({ 0: token, index: position }) => {
    const id = ID_OF_TOKEN.get(token);
    if (id === undefined) {
      const expected = `one of "${CHARACTERS}" or a word of the micro world`;
      throw new LabelfreeError(
        "tasks/unknown-character",
        `encode: unknown character at position ${position}, got ${JSON.stringify(token)}, expected ${expected}`,
        { fields: { character: token, position, text } },
      );
    }
    return id;
  });
}

/** Text of token ids, special tokens by their name so that they stay visible; throws `tasks/unknown-token`. */
export function decode(ids: readonly number[]): string {
  let text = "";
  for (let position = 0; position < ids.length; position++) {
    const token = VOCABULARY[ids[position]];
    if (token === undefined) {
      throw new LabelfreeError(
        "tasks/unknown-token",
        `decode: unknown token at position ${position}, got ${ids[position]}, expected an id of 0 to ${VOCABULARY.length - 1}`,
        { fields: { id: ids[position], position } },
      );
    }
    text += token;
  }
  return text;
}

function escapeForPattern(text: string): string {
  return text.replaceAll(/[()]/g, "\\$&");
}
