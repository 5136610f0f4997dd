import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessageWriter, parseMessage } from "../../../src/kernel/wire/message.ts";
import { ReplayGuard } from "../../../src/kernel/wire/replay-guard.ts";
import { createSigner } from "../../../src/kernel/wire/signature.ts";
import { toWireJson } from "../../../src/kernel/wire/wire-json.ts";

const KEY = "a0436f6c-1916-498b-8eb9-e81ab9368e84";
const signer = createSigner(KEY, "hmac-sha256");
const header = '{"msg_id":"1","msg_type":"kernel_info_request","session":"s"}';

function signed(parts: readonly (string | Uint8Array)[], key = KEY): Uint8Array[] {
  const frames = parts.map((part) => Buffer.from(part as string));
  const hmac = createHmac("sha256", key);
  for (const frame of frames.slice(0, 4)) hmac.update(frame);
  return [Buffer.from("id"), Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...frames];
}

const parse = (frames: readonly Uint8Array[], guard = new ReplayGuard()) => parseMessage(frames, signer, guard);
const refusal = (frames: readonly Uint8Array[]) => {
  const parsed = parse(frames);
  return "refused" in parsed ? parsed.refused : "accepted";
};

describe("a message", () => {
  test("is read with its identities, its header's own bytes and its buffers", () => {
    const spaced = '{ "msg_id": "1", "msg_type": "comm_msg", "extra": [1] }';
    const frames = [
      Buffer.from([0, 1]),
      ...signed([spaced, '{"msg_id":"p"}', '{"m":1}', '{"c":2}', new Uint8Array([255])]),
    ];
    const parsed = parse(frames);
    if ("refused" in parsed) throw new Error(parsed.refused);
    const { message } = parsed;
    expect(message.identities.map((part) => Buffer.from(part).toString("latin1"))).toEqual(["\x00\x01", "id"]);
    expect(Buffer.from(message.headerFrame).toString()).toBe(spaced);
    expect(message.header).toEqual({ msg_id: "1", msg_type: "comm_msg" });
    expect([message.parentHeader, message.metadata, message.content]).toEqual([{ msg_id: "p" }, { m: 1 }, { c: 2 }]);
    expect(message.buffers).toEqual([Buffer.from([255])]);
  });

  test("signed with another key, without signature or changed after signing is refused", () => {
    expect(refusal(signed([header, "{}", "{}", "{}"], "other"))).toBe("wrong signature");
    const frames = signed([header, "{}", "{}", '{"code":"1"}']);
    expect(refusal(frames.with(2, Buffer.alloc(0)))).toBe("wrong signature");
    expect(refusal(frames.with(6, Buffer.from('{"code":"2"}')))).toBe("wrong signature");
    expect(refusal(frames)).toBe("accepted");
  });

  test("sent a second time is refused", () => {
    const guard = new ReplayGuard();
    const frames = signed([header, "{}", "{}", "{}"]);
    expect(parse(frames, guard)).toHaveProperty("message");
    expect(parse(frames, guard)).toEqual({ refused: "sent before" });
  });

  test.each([
    ["no delimiter", [Buffer.from("hello")]],
    ["no frames", []],
    ["three JSON frames", signed([header, "{}", "{}"])],
    ["broken JSON", signed([header, "{}", "{}", "{"])],
    ["an empty frame", signed([header, "", "{}", "{}"])],
    ["an array as content", signed([header, "{}", "{}", "[]"])],
    ["null as content", signed([header, "{}", "{}", "null"])],
    ["a header without type", signed(['{"msg_id":"1"}', "{}", "{}", "{}"])],
    ["a numeric id", signed(['{"msg_id":1,"msg_type":"a"}', "{}", "{}", "{}"])],
    ["invalid UTF-8", signed([header, "{}", "{}", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])])],
    ["brackets 5 million deep", signed([header, "{}", "{}", "[".repeat(5e6)])],
  ])("with %s is refused", (_what, frames) => {
    expect(refusal(frames)).not.toBe("accepted");
  });

  test("of any bytes never throws", () => {
    const bytes = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), (frames) => {
        expect(parse([Buffer.from("<IDS|MSG>"), ...frames])).toHaveProperty("refused");
        expect("refused" in parse(signed(frames)) || frames.length >= 4).toBe(true);
      }),
    );
  });

  test("that is written can be read, each with an id of its own", () => {
    const writer = new MessageWriter(signer, "session", "ada");
    const content = { text: "é\u2028😀", big: 10n, missing: undefined };
    const message = {
      type: "stream",
      parent: Buffer.from(header),
      content,
      metadata: { a: 1 },
      buffers: [Buffer.from("b")],
    };
    const first = writer.write(message);
    expect(writer.write(message).id).not.toBe(first.id);
    const parsed = parse(first.frames);
    if ("refused" in parsed) throw new Error(parsed.refused);
    expect(parsed.message.header).toEqual({ msg_id: first.id, msg_type: "stream", session: "session" });
    expect(parsed.message.parentHeader).toEqual(JSON.parse(header));
    expect(parsed.message.content).toEqual({ text: "é\u2028😀", big: "10" });
    expect(parsed.message.metadata).toEqual({ a: 1 });
    expect(parsed.message.buffers).toEqual([Buffer.from("b")]);
    const sent = JSON.parse(Buffer.from(first.frames[2]).toString());
    expect(sent).toMatchObject({ version: "5.5", username: "ada" });
    expect(new Date(sent.date).toISOString()).toBe(sent.date);
  });
});

test("signatures are those of the specification: HMAC-SHA256 over the four dictionaries", () => {
  const frames = ["a", "b", "c", "d"].map((text) => Buffer.from(text));
  // python3 -c "import hmac; print(hmac.new(b'key', b'abcd', 'sha256').hexdigest())"
  const expected = "2a31ec0ee8d878c9eece9fb0df79b3b90b2256240163aa5ee50d176d3d1121f8";
  expect(createSigner("key", "hmac-sha256").sign(frames)).toBe(expected);
});

test("without a key nothing is signed and everything passes", () => {
  const open = createSigner("", "hmac-sha256");
  expect(open.sign([Buffer.from("x")])).toBe("");
  const frames = signed([header, "{}", "{}", "{}"]).with(2, Buffer.alloc(0));
  const guard = new ReplayGuard();
  expect(parseMessage(frames, open, guard)).toHaveProperty("message");
  expect(parseMessage(frames, open, guard)).toHaveProperty("message");
});

test("an unknown signature scheme is refused", () => {
  for (const scheme of ["hmac-rot13", "sha256", ""]) expect(() => createSigner("key", scheme)).toThrow("hmac-sha256");
});

test("the replay guard forgets the oldest alone", () => {
  const guard = new ReplayGuard(3);
  for (const signature of ["a", "b", "c", "d"]) expect(guard.admits(signature)).toBe(true);
  expect(["b", "c", "d"].map((signature) => guard.admits(signature))).toEqual([false, false, false]);
  expect(guard.admits("a")).toBe(true);
});

describe("JSON for clients", () => {
  test("replaces halves of surrogate pairs, in values and in names, and keeps whole pairs", () => {
    expect(JSON.parse(toWireJson({ "\ud800": ["a\udc00", "😀"] }))).toEqual({ "\ufffd": ["a\ufffd", "😀"] });
    expect(JSON.parse(toWireJson({ text: "\\ud800 as text" }))).toEqual({ text: "\\ud800 as text" });
  });

  test("never throws", () => {
    const cycle: Record<string, unknown> = { a: 1, big: 2n };
    cycle.self = cycle;
    expect(JSON.parse(toWireJson(cycle))).toMatchObject({ a: 1, big: "2" });
    expect(toWireJson(undefined)).toBe("null");
    expect(toWireJson({ n: Number.NaN, f: () => 1 })).toBe('{"n":null}');
  });
});
