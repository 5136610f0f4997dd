import { Router, XPublisher } from "zeromq";
import { LabelfreeError } from "../../core/errors.ts";
import { type Channel, type ConnectionInfo, endpoint } from "./connection-file.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { SendQueue } from "./send-queue.ts";

export type RequestChannel = "shell" | "control" | "stdin";

export interface SocketListener {
  /** A message in frames; reading of this channel goes on when the promise settles. */
  received(channel: RequestChannel, frames: readonly Uint8Array[]): Promise<void> | void;
  /** A client has subscribed to a topic of iopub. */
  subscribed(topic: Uint8Array): void;
  failed(what: string, error: unknown): void;
}

export interface KernelSockets {
  listen(listener: SocketListener): void;
  reply(channel: RequestChannel, frames: Uint8Array[]): void;
  publish(frames: Uint8Array[]): void;
  /** Hands what was sent to ZeroMQ and closes; ZeroMQ gets a second to deliver it. */
  close(): Promise<void>;
}

const LARGEST_FRAME_BYTES = 2 ** 30;
const LINGER_MS = 1000;
const SUBSCRIBE = 1;

/**
 * Opens the five sockets of a kernel.
 * @throws LabelfreeError `kernel/cannot-listen`.
 */
export async function openSockets(connection: ConnectionInfo): Promise<KernelSockets> {
  // no high-water mark on what is sent: beyond it ZeroMQ drops what is published
  const options = { linger: LINGER_MS, sendHighWaterMark: 0, maxMessageSize: LARGEST_FRAME_BYTES };
  const routers: Readonly<Record<RequestChannel, Router>> = {
    shell: new Router({ ...options, handover: true }),
    control: new Router({ ...options, handover: true }),
    stdin: new Router({ ...options, handover: true }),
  };
  const iopub = new XPublisher(options);
  iopub.verbosity = "allSubs"; // a second client of the same topic is welcomed too
  let listener: SocketListener | undefined;
  const report = (what: string) => (error: unknown) => listener?.failed(what, error);
  const queues = {
    shell: new SendQueue(routers.shell, report("send on shell")),
    control: new SendQueue(routers.control, report("send on control")),
    stdin: new SendQueue(routers.stdin, report("send on stdin")),
    iopub: new SendQueue(iopub, report("send on iopub")),
  };
  const closeAll = () => {
    for (const socket of [...Object.values(routers), iopub]) socket.close();
  };

  const listenAt = async <T>(channel: Channel, bind: (address: string) => Promise<T>): Promise<T> => {
    const address = endpoint(connection, channel);
    try {
      return await bind(address);
    } catch (cause) {
      closeAll();
      const message = `${channel}: cannot listen at ${address}; another process may use the port, start the kernel anew`;
      throw new LabelfreeError("kernel/cannot-listen", message, { cause, fields: { channel, address } });
    }
  };
  await Promise.all([
    listenAt("shell", (address) => routers.shell.bind(address)),
    listenAt("control", (address) => routers.control.bind(address)),
    listenAt("stdin", (address) => routers.stdin.bind(address)),
    listenAt("iopub", (address) => iopub.bind(address)),
  ]);
  const stopHeartbeat = await listenAt("hb", startHeartbeat);
  process.once("exit", stopHeartbeat);

  const read = async (channel: RequestChannel, to: SocketListener) => {
    for await (const frames of routers[channel]) {
      try {
        await to.received(channel, frames);
      } catch (error) {
        to.failed(`message on ${channel}`, error);
      }
    }
  };
  const readSubscriptions = async (to: SocketListener) => {
    for await (const [frame] of iopub) if (frame[0] === SUBSCRIBE) to.subscribed(frame.subarray(1));
  };

  return {
    listen(to) {
      listener = to;
      for (const channel of ["shell", "control", "stdin"] as const) {
        read(channel, to).catch(report(`receive on ${channel}`));
      }
      readSubscriptions(to).catch(report("receive on iopub"));
    },
    reply: (channel, frames) => queues[channel].push(frames),
    publish: (frames) => queues.iopub.push(frames),
    async close() {
      await Promise.all(Object.values(queues).map((queue) => queue.drained()));
      process.off("exit", stopHeartbeat);
      stopHeartbeat();
      closeAll();
    },
  };
}
