import { LabelfreeError } from "../../core/errors.ts";

const CHARACTERS = "0123456789+-=;#? ";

/** The number of tokens that are plain characters; their ids are 0 to 16, and a digit's id is the digit. */
export const CHARACTER_COUNT = CHARACTERS.length;
export const PAD = 17;
export const BOS = 18;
export const EOS = 19;

/** The 20 tokens of the micro world, by id. */
export const VOCABULARY: readonly string[] = [...CHARACTERS, "<pad>", "<bos>", "<eos>"];

const ID_OF_CHARACTER: ReadonlyMap<string, number> = new Map([...CHARACTERS].map((character, id) => [character, id]));

/** Token ids of a text, one per character; throws `tasks/unknown-character`. */
export function encode(text: string): number[] {
  return [...text].map((character, position) => {
    const id = ID_OF_CHARACTER.get(character);
    if (id === undefined) {
      throw new LabelfreeError(
        "tasks/unknown-character",
        `encode: unknown character at position ${position}, got ${JSON.stringify(character)}, expected one of "${CHARACTERS}"`,
        { fields: { character, position, text } },
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
