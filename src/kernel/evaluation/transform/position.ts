/** A place in a text. */
export interface Position {
  readonly line: number; // from 1
  readonly column: number; // from 1, in UTF-16 units
}
