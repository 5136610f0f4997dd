// The heartbeat must answer while this process computes, so no JavaScript is on its way: a native proxy, in a thread
// of its own, carries every message from a ROUTER to a DEALER that is connected to itself and so gets it back.
// (The usual trick, a proxy with one socket on both sides, crashes zeromq 6.8.)

import { Dealer, Proxy, Router } from "zeromq";

let hearts = 0;

/**
 * Answers each heartbeat at `address` with the same bytes; the returned function stops it, and must have been called
 * before the process can end.
 */
export async function startHeartbeat(address: string): Promise<() => void> {
  hearts += 1;
  const front = new Router({ linger: 0 });
  const back = new Dealer({ linger: 0 });
  const loop = `inproc://labelfree-heartbeat-${process.pid}-${hearts}`;
  await Promise.all([front.bind(address), back.bind(loop)]);
  back.connect(loop);
  const proxy = new Proxy(front, back);
  const ended = proxy.run().then(
    () => true,
    () => true, // its sockets were closed
  );
  let isBeating = true;
  return () => {
    if (!isBeating) return;
    isBeating = false;
    proxy.terminate();
    void ended.then(() => {
      front.close();
      back.close();
    });
  };
}
