import { LabelfreeError } from "../../core/errors.ts";
import { readJsonFile } from "../../core/atomic-file.ts";

export type Channel = "shell" | "control" | "stdin" | "iopub" | "hb";

/** What a client tells a kernel in the connection file. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  readonly ip: string; // with ipc a path, to which `-PORT` is added
  readonly ports: Readonly<Record<Channel, number>>;
  readonly key: string; // empty: messages are not signed
  readonly signatureScheme: string;
}

const CHANNELS: readonly Channel[] = ["shell", "control", "stdin", "iopub", "hb"];
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/;

/**
 * The connection file of a client.
 * @throws LabelfreeError `kernel/connection-file`, or `file/…` where it cannot be read.
 */
export function readConnectionFile(path: string): ConnectionInfo {
  return toConnectionInfo(readJsonFile(path), path);
}

/**
 * Checks the content of a connection file; without `ip` a kernel is reached from this machine alone.
 * @throws LabelfreeError `kernel/connection-file` for a missing port, or for unsigned messages over a network.
 */
export function toConnectionInfo(content: unknown, path = "connection"): ConnectionInfo {
  const wrong = (what: string) =>
    new LabelfreeError("kernel/connection-file", `${path}: ${what}`, { fields: { path } });
  if (typeof content !== "object" || content === null) throw wrong("got no object, expected ports and a key");
  const fields = new Map<string, unknown>(Object.entries(content));
  const port = (channel: Channel): number => {
    const value = fields.get(`${channel}_port`);
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535) return value;
    throw wrong(`${channel}_port: got ${JSON.stringify(value)}, expected an integer from 1 to 65535`);
  };
  const text = (name: string, usual: string): string => {
    const value = fields.get(name) ?? usual;
    if (typeof value === "string") return value;
    throw wrong(`${name}: got ${JSON.stringify(value)}, expected a text`);
  };
  const transport = text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc") throw wrong(`transport: got ${transport}, expected tcp or ipc`);
  const ip = text("ip", "127.0.0.1");
  const key = text("key", "");
  if (key === "" && transport === "tcp" && !LOOPBACK.test(ip)) {
    throw wrong(`key: got none with ip ${ip}, expected one: whoever reaches this address could run code`);
  }
  const ports = Object.fromEntries(CHANNELS.map((channel) => [channel, port(channel)]));
  return {
    transport,
    ip,
    key,
    signatureScheme: text("signature_scheme", "hmac-sha256"),
    ports: ports as Record<Channel, number>,
  };
}

/** The ZeroMQ address of a channel. */
export function endpoint({ transport, ip, ports }: ConnectionInfo, channel: Channel): string {
  const host = ip.includes(":") && !ip.startsWith("[") ? `[${ip}]` : ip;
  return transport === "ipc" ? `ipc://${ip}-${ports[channel]}` : `tcp://${host}:${ports[channel]}`;
}
