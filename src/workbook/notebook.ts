// Notebooks in nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html. In memory every text is
// one string; fields that the format does not name are kept as they are.

import { z } from "zod";
import { LabelfreeError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))], {
  error: "expected a text or a list of lines",
});
const metadata = z.record(z.string(), z.unknown());
const bundle = metadata.transform((data) =>
  Object.fromEntries(Object.entries(data).map(([type, content]) => [type, rejoined(type, content)])),
);
const count = z.int().nullable();

const output = z.discriminatedUnion("output_type", [
  z.looseObject({ output_type: z.literal("stream"), name: z.string(), text }),
  z.looseObject({ output_type: z.literal("display_data"), data: bundle, metadata }),
  z.looseObject({ output_type: z.literal("execute_result"), data: bundle, metadata, execution_count: count }),
  z.looseObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const shared = { id: z.string().optional(), metadata, source: text };
const attachments = z.record(z.string(), bundle).optional();
const cell = z.discriminatedUnion("cell_type", [
  z.looseObject({ cell_type: z.literal("code"), ...shared, execution_count: count, outputs: z.array(output) }),
  z.looseObject({ cell_type: z.literal("markdown"), ...shared, attachments }),
  z.looseObject({ cell_type: z.literal("raw"), ...shared, attachments }),
]);

const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int().min(0),
  metadata,
  cells: z.array(cell),
});

export type Output = z.infer<typeof output>;
export type Metadata = Readonly<Record<string, unknown>>;
type ParsedCell = z.infer<typeof cell>;
export type Cell = ParsedCell & { readonly id: string };
export type CodeCell = Extract<ParsedCell, { cell_type: "code" }> & { readonly id: string };

export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Metadata;
  readonly cells: readonly Cell[];
  readonly [other: string]: unknown;
}

const IDS_SINCE_MINOR = 5;
const ID = /^[a-zA-Z0-9-_]{1,64}$/;

/**
 * A notebook from parsed JSON; cells without an id, or with one that another has, get one that follows from their text.
 * @throws LabelfreeError `notebook/version` or `notebook/invalid`, which name the cell and the field.
 */
export function toNotebook(value: unknown, place: string): Notebook {
  const version = typeof value === "object" && value !== null && "nbformat" in value ? value.nbformat : undefined;
  if (typeof version === "number" && version !== 4) {
    const message = `${place}: got nbformat ${version}, expected 4; jupyter nbconvert --to notebook converts it`;
    throw new LabelfreeError("notebook/version", message, { fields: { place, version } });
  }
  const parsed = notebookSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${describePath(path)}: ${message}`);
    const message = `${place}: not a notebook, ${problems.slice(0, 3).join("; ")}`;
    throw new LabelfreeError("notebook/invalid", message, { fields: { place, problems } });
  }
  const { nbformat_minor: minor, cells, ...rest } = parsed.data;
  return { ...rest, nbformat_minor: Math.max(minor, IDS_SINCE_MINOR), cells: withIds(cells) };
}

export function isCode(candidate: Cell): candidate is CodeCell {
  return candidate.cell_type === "code";
}

/** Tags of a cell; none where the field is no list of texts. */
export function tagsOf({ metadata: { tags } }: Cell): readonly string[] {
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** The members of `metadata.labelfree`, of a cell or of the notebook. */
export function ownMetadata({ metadata: { labelfree } }: { readonly metadata: Metadata }): Metadata {
  return typeof labelfree === "object" && labelfree !== null && !Array.isArray(labelfree)
    ? (labelfree as Metadata)
    : {};
}

/** Metadata without the members of these names. */
export function withoutMembers(metadata: Metadata, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !names.includes(name)));
}

/** Whether a MIME type's content is JSON rather than text. */
export function isJsonMime(type: string): boolean {
  return type === "application/json" || (type.startsWith("application/") && type.endsWith("+json"));
}

function rejoined(type: string, content: unknown): unknown {
  if (isJsonMime(type) || !Array.isArray(content)) return content;
  return content.every((line) => typeof line === "string") ? content.join("") : content;
}

function withIds(cells: readonly ParsedCell[]): Cell[] {
  const taken = new Set<string>();
  const free = ({ id, cell_type, source }: ParsedCell): string => {
    if (id !== undefined && ID.test(id) && !taken.has(id)) return id;
    for (let copy = 0; ; copy++) {
      const made = hashBytes(`${cell_type}\n${copy}\n${source}`).slice(0, 8);
      if (!taken.has(made)) return made;
    }
  };
  return cells.map((each) => {
    const id = free(each);
    taken.add(id);
    return { ...each, id };
  });
}

function describePath(path: readonly PropertyKey[]): string {
  const [first, index, ...rest] = path;
  if (first !== "cells" || typeof index !== "number") return path.join(".") || "the file";
  return [`cell ${index + 1}`, ...(rest.length === 0 ? [] : [rest.join(".")])].join(", ");
}
