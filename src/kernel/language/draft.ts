/** A cell's text inside its file. */
export interface Draft {
  readonly path: string;
  readonly code: string;
  /** Where the cell's text starts in the file. */
  readonly start: number;
}
