// Where links and images of a notebook lead on its page: to another page of the site, to a place on this one, or out to
// the web by a click. Files that are not part of the site cannot be reached from it: their links stay as text. An image
// is put into the page, for a page loads nothing.

import { dataUri } from "./chart-html.ts";

export interface LinkContext {
  /** Page of a notebook by its path relative to this one's folder; null where it has none. */
  readonly pageOf: (path: string) => string | null;
  /** Bytes of a file beside the notebook; null where there is none. */
  readonly readBeside: (path: string) => Uint8Array | null;
  /** Images within the cell, by name and type. */
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined;
}

const WEB = /^(?:https?:\/\/|mailto:)/i;
const SCHEME = /^[^/?#]*:/; // relative addresses have no colon before the first slash
const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  webp: "image/webp",
};

/** The address for a link, or null. */
export function linkFor(href: string, { pageOf }: LinkContext): string | null {
  // oxlint-disable-next-line no-control-regex
  const address = href.replaceAll(/[\u0000-\u0020\u007f]/g, "");
  if (WEB.test(address)) return address;
  if (address.startsWith("#")) return address;
  if (address === "" || address.startsWith("/") || SCHEME.test(address)) return null;
  const [path, fragment] = address.split("#", 2);
  const page = pageOf(decoded(path));
  if (page === null) return null;
  return fragment === undefined ? page : `${page}#${fragment}`;
}

/** The data URI for an image, or null. */
export function imageFor(src: string, { readBeside, attachments }: LinkContext): string | null {
  const [, type, content] = /^data:(image\/(?:png|jpeg|gif|webp));base64,([A-Za-z0-9+/=\s]+)$/.exec(src) ?? [];
  if (content !== undefined) return dataUri(type, content);
  if (src.startsWith("attachment:")) {
    const name = decoded(src.slice("attachment:".length));
    const data = attachments !== undefined && Object.hasOwn(attachments, name) ? attachments[name] : {};
    const found = Object.entries(data).find(([kind]) => Object.values(TYPES).includes(kind));
    return typeof found?.[1] === "string" ? dataUri(found[0], found[1]) : null;
  }
  const kind = TYPES[/\.([a-z]+)$/i.exec(src)?.[1].toLowerCase() ?? ""];
  if (kind === undefined || src.startsWith("/") || SCHEME.test(src)) return null;
  const bytes = readBeside(decoded(src));
  if (bytes === null) return null;
  const isText = kind === "image/svg+xml";
  return dataUri(kind, Buffer.from(bytes).toString(isText ? "utf8" : "base64"));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
