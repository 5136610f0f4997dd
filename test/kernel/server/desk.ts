// A kernel server without sockets: requests go in as messages, what it sends lands in arrays.

import type { LanguageService } from "../../../src/kernel/language/language.ts";
import { History } from "../../../src/kernel/server/history.ts";
import { KernelServer, type KernelServerOptions } from "../../../src/kernel/server/kernel-server.ts";
import type { IncomingMessage, JsonObject, OutgoingMessage } from "../../../src/kernel/wire/message.ts";
import type { RequestChannel } from "../../../src/kernel/wire/sockets.ts";
import { type FakeEvaluator, fakeEvaluator } from "./fake-evaluator.ts";

export interface Sent {
  readonly channel: RequestChannel | "iopub";
  readonly type: string;
  readonly content: JsonObject;
  readonly parent: string | undefined; // msg_id of the request
  readonly client: string | undefined;
}

export interface Desk {
  readonly server: KernelServer;
  readonly sent: Sent[];
  readonly evaluator: FakeEvaluator;
  readonly logs: string[];
  readonly shutdowns: number[];
  /** Sends a request and gives its id. */
  send(channel: RequestChannel, type: string, content?: JsonObject, more?: SendOptions): string;
  execute(code: string, content?: JsonObject, more?: SendOptions): string;
  /** What was sent for a request, once its idle is there. */
  finished(id: string): Promise<readonly Sent[]>;
  until(test: () => boolean): Promise<void>;
}

export interface SendOptions {
  readonly client?: string;
  readonly subshell?: string;
  readonly parent?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}

const noLanguage: LanguageService = {
  addCell: () => undefined,
  diagnostics: async () => [],
  complete: async (code, cursorPos) => ({
    matches: [code.slice(0, cursorPos)],
    cursorStart: 0,
    cursorEnd: cursorPos,
    metadata: { _jupyter_types_experimental: [] },
  }),
  inspect: async () => ({ found: false, data: {} }),
  isComplete: () => ({ status: "incomplete", indent: "  " }),
  close: async () => undefined,
};

export async function openDesk(
  options: Partial<KernelServerOptions> & { language?: Partial<LanguageService> } = {},
): Promise<Desk> {
  const sent: Sent[] = [];
  const logs: string[] = [];
  const shutdowns: number[] = [];
  let evaluator: FakeEvaluator | undefined;
  let count = 0;
  const note = (channel: Sent["channel"], message: OutgoingMessage, client?: string) => {
    const parent = message.parent === undefined ? undefined : JSON.parse(Buffer.from(message.parent).toString()).msg_id;
    sent.push({ channel, type: message.type, content: message.content, parent, client });
  };
  const server = new KernelServer({
    outlet: {
      reply(channel, identities, message) {
        note(channel, message, Buffer.concat([...identities]).toString());
        return `kernel-${sent.length}`;
      },
      publish: (message) => note("iopub", message),
    },
    startEvaluator: async (events) => {
      evaluator = fakeEvaluator(events);
      return evaluator;
    },
    startLanguage: async () => ({ ...noLanguage, ...options.language }),
    history: new History(undefined),
    facts: { version: "1.2.3", hasDebugger: false },
    ports: { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 },
    typeCheck: "off",
    outputLimitBytes: 1e6,
    onShutdown: async () => void shutdowns.push(1),
    log: (text) => logs.push(text),
    ...options,
  });
  await new Promise(setImmediate);

  const send: Desk["send"] = (
    channel,
    type,
    content = {},
    { client = "client", subshell, parent = {}, buffers = [] } = {},
  ) => {
    count += 1;
    const header = {
      msg_id: `m${count}`,
      msg_type: type,
      ...(subshell === undefined ? {} : { subshell_id: subshell }),
    };
    const message: IncomingMessage = {
      identities: [Buffer.from(client)],
      header,
      headerFrame: Buffer.from(JSON.stringify(header)),
      parentHeader: parent,
      metadata: {},
      content,
      buffers,
    };
    void server.receive(channel, message);
    return header.msg_id;
  };
  const until = async (test: () => boolean) => {
    for (let waitedMs = 0; !test(); waitedMs += 2) {
      if (waitedMs > 5000) throw new Error(`nothing came; sent so far: ${JSON.stringify(sent.slice(-20))}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  return {
    server,
    sent,
    get evaluator() {
      if (evaluator === undefined) throw new Error("the server started no evaluator");
      return evaluator;
    },
    logs,
    shutdowns,
    send,
    execute: (code, content = {}, more) => send("shell", "execute_request", { code, ...content }, more),
    until,
    async finished(id) {
      const isIdle = (message: Sent) => message.parent === id && message.content.execution_state === "idle";
      await until(() => sent.some(isIdle));
      return sent.filter(({ parent }) => parent === id);
    },
  };
}
