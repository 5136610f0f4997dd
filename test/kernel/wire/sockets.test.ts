import { once } from "node:events";
import { connect, createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { Dealer, Request, Subscriber } from "zeromq";
import { type ConnectionInfo, endpoint, toConnectionInfo } from "../../../src/kernel/wire/connection-file.ts";
import { type KernelSockets, openSockets } from "../../../src/kernel/wire/sockets.ts";

const toClose: { close(): unknown }[] = [];
afterEach(async () => {
  for (const { close } of toClose.splice(0).reverse()) await close();
});

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address === "object") ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function open(): Promise<{ connection: ConnectionInfo; sockets: KernelSockets }> {
  const [shell_port, control_port, stdin_port, iopub_port, hb_port] = await freePorts(5);
  const connection = toConnectionInfo({ shell_port, control_port, stdin_port, iopub_port, hb_port, key: "k" });
  const sockets = await openSockets(connection);
  toClose.push({ close: () => sockets.close() });
  return { connection, sockets };
}

function keep<T extends { close(): void }>(socket: T): T {
  toClose.push({ close: () => socket.close() });
  return socket;
}

test("heartbeats come back unchanged, to several clients", async () => {
  const { connection } = await open();
  const clients = [1, 2, 3].map(() => keep(new Request({ receiveTimeout: 2000 })));
  for (const client of clients) client.connect(endpoint(connection, "hb"));
  for (const [n, client] of clients.entries()) await client.send(`ping ${n}`);
  for (const [n, client] of clients.entries()) expect(String(await client.receive())).toBe(`ping ${n}`);
});

test("heartbeats come back while the process computes", async () => {
  const { connection } = await open();
  const client = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
     const { Request } = require("zeromq");
     const socket = new Request({ receiveTimeout: 5000, linger: 0 });
     socket.connect(workerData);
     parentPort.once("message", async () => {
       const answeredAt = [];
       for (let n = 0; n < 5; n++) {
         await socket.send("ping");
         await socket.receive();
         answeredAt.push(Date.now());
       }
       parentPort.postMessage(answeredAt);
     });
     parentPort.postMessage("ready");`,
    { eval: true, workerData: endpoint(connection, "hb") },
  );
  toClose.push({ close: () => client.terminate() });
  await once(client, "message");
  client.postMessage("go");
  const end = Date.now() + 1000;
  while (Date.now() < end);
  const [answeredAt] = await once(client, "message");
  expect(Math.max(...answeredAt)).toBeLessThan(end);
});

test("a message on shell reaches the listener and its reply the sender alone", async () => {
  const { connection, sockets } = await open();
  sockets.listen({
    received: (channel, frames) => sockets.reply(channel, [frames[0] as Uint8Array, Buffer.from(`${channel}!`)]),
    subscribed: () => undefined,
    failed: () => undefined,
  });
  for (const channel of ["shell", "control", "stdin"] as const) {
    const one = keep(new Dealer({ receiveTimeout: 2000 }));
    const other = keep(new Dealer({ receiveTimeout: 100 }));
    for (const client of [one, other]) client.connect(endpoint(connection, channel));
    await one.send("hello");
    expect(String(await one.receive())).toBe(`${channel}!`);
    await expect(other.receive()).rejects.toThrow("Operation was not possible or timed out");
  }
});

test("each subscriber is announced, and 20,000 messages published at once all arrive in order", async () => {
  const { connection, sockets } = await open();
  const topics: string[] = [];
  sockets.listen({
    received: () => undefined,
    subscribed: (topic) => topics.push(Buffer.from(topic).toString()),
    failed: () => undefined,
  });
  const clients = [1, 2].map(() => keep(new Subscriber({ receiveHighWaterMark: 0, receiveTimeout: 5000 })));
  for (const client of clients) {
    client.connect(endpoint(connection, "iopub"));
    client.subscribe("");
  }
  while (topics.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(topics).toEqual(["", ""]);
  for (let n = 0; n < 20_000; n++) sockets.publish([Buffer.from("t"), Buffer.from(String(n))]);
  for (let n = 0; n < 20_000; n++) {
    const [, body] = await clients[0].receive();
    if (String(body) !== String(n)) throw new Error(`got ${body}, expected ${n}`);
  }
});

test("a listener that throws is reported and the next message comes", async () => {
  const { connection, sockets } = await open();
  const seen: string[] = [];
  sockets.listen({
    received(_channel, frames) {
      seen.push(String(frames[1]));
      throw new Error("no");
    },
    subscribed: () => undefined,
    failed: (what) => seen.push(what),
  });
  const client = keep(new Dealer());
  client.connect(endpoint(connection, "shell"));
  await client.send("one");
  await client.send("two");
  while (seen.length < 4) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(["one", "message on shell", "two", "message on shell"]);
});

test("bytes that are no ZeroMQ leave the sockets at work", async () => {
  const { connection, sockets } = await open();
  const seen: string[] = [];
  sockets.listen({
    received: (_channel, frames) => void seen.push(String(frames[1])),
    subscribed: () => undefined,
    failed: () => undefined,
  });
  for (const bytes of ["GET / HTTP/1.1\r\n\r\n", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f", "\x00".repeat(70_000)]) {
    for (const channel of ["shell", "iopub", "hb"] as const) {
      const raw = connect(connection.ports[channel], "127.0.0.1");
      raw.on("error", () => undefined);
      raw.write(Buffer.from(bytes, "latin1"));
      toClose.push({ close: () => raw.destroy() });
    }
  }
  const client = keep(new Dealer());
  client.connect(endpoint(connection, "shell"));
  await client.send("still here");
  while (seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(seen).toEqual(["still here"]);
});

test("a port that is taken is an error with its address", async () => {
  const { connection } = await open();
  await expect(openSockets(connection)).rejects.toMatchObject({ code: "kernel/cannot-listen" });
});
