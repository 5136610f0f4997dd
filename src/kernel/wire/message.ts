// A message on the wire: identities, <IDS|MSG>, signature, then header, parent header, metadata and content as JSON,
// then raw buffers. Protocol 5.5, https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol

import type { ReplayGuard } from "./replay-guard.ts";
import { toWireJson } from "./wire-json.ts";
import type { Signer } from "./signature.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session?: string;
  readonly subshell_id?: string | null;
}

export interface IncomingMessage {
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly headerFrame: Uint8Array; // goes back as it came, as the parent header of whatever this message causes
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

export interface OutgoingMessage {
  readonly type: string;
  readonly content: JsonObject;
  readonly parent?: Uint8Array | undefined; // JSON of the header that caused it
  readonly metadata?: JsonObject | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
  readonly subshell?: string | null | undefined;
}

export type ParsedMessage = { readonly message: IncomingMessage } | { readonly refused: string };

export const PROTOCOL_VERSION = "5.5";
const DELIMITER = Buffer.from("<IDS|MSG>");
const EMPTY = Buffer.from("{}");
const JSON_FRAMES = 4;

/** Reads a message; what is not one of ours, or was here before, is refused with the reason and never throws. */
export function parseMessage(frames: readonly Uint8Array[], signer: Signer, guard: ReplayGuard): ParsedMessage {
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (at < 0) return { refused: "no delimiter" };
  const signature = frames[at + 1];
  const dictionaries = frames.slice(at + 2, at + 2 + JSON_FRAMES);
  if (dictionaries.length < JSON_FRAMES) return { refused: `${dictionaries.length} of ${JSON_FRAMES} JSON frames` };
  if (!signer.accepts(dictionaries, signature)) return { refused: "wrong signature" };
  if (signer.signs && !guard.admits(Buffer.from(signature).toString("latin1"))) return { refused: "sent before" };
  try {
    const [header, parentHeader, metadata, content] = dictionaries.map(parseObject);
    return {
      message: {
        identities: frames.slice(0, at),
        header: toHeader(header),
        headerFrame: dictionaries[0],
        parentHeader,
        metadata,
        content,
        buffers: frames.slice(at + 2 + JSON_FRAMES),
      },
    };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

function parseObject(frame: Uint8Array): JsonObject {
  const value: unknown = JSON.parse(strictUtf8.decode(frame));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("a frame that is no object");
  return value as JsonObject;
}

function toHeader(header: JsonObject): Header {
  const { msg_id, msg_type, session, subshell_id } = header;
  if (typeof msg_id !== "string" || typeof msg_type !== "string")
    throw new Error("a header without msg_id or msg_type");
  return {
    msg_id,
    msg_type,
    ...(typeof session === "string" ? { session } : {}),
    ...(typeof subshell_id === "string" ? { subshell_id } : {}),
  };
}

/** Makes the frames of outgoing messages, from the delimiter on; each gets an id of its own. */
export class MessageWriter {
  readonly session: string;
  readonly #signer: Signer;
  readonly #username: string;
  #count = 0;

  constructor(signer: Signer, session: string, username: string) {
    this.#signer = signer;
    this.session = session;
    this.#username = username;
  }

  write(message: OutgoingMessage): { readonly id: string; readonly frames: Uint8Array[] } {
    this.#count += 1;
    const id = `${this.session}_${this.#count}`;
    const header = {
      msg_id: id,
      msg_type: message.type,
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      version: PROTOCOL_VERSION,
      ...(message.subshell ? { subshell_id: message.subshell } : {}),
    };
    const dictionaries = [
      Buffer.from(toWireJson(header)),
      message.parent ?? EMPTY,
      message.metadata === undefined ? EMPTY : Buffer.from(toWireJson(message.metadata)),
      Buffer.from(toWireJson(message.content)),
    ];
    const signature = Buffer.from(this.#signer.sign(dictionaries), "ascii");
    return { id, frames: [DELIMITER, signature, ...dictionaries, ...(message.buffers ?? [])] };
  }
}
