import { expect, test } from "vitest";
import { endpoint, toConnectionInfo } from "../../../src/kernel/wire/connection-file.ts";

const file = {
  shell_port: 1001,
  iopub_port: 1002,
  stdin_port: 1003,
  control_port: 1004,
  hb_port: 1005,
  ip: "127.0.0.1",
  key: "secret",
  transport: "tcp",
  signature_scheme: "hmac-sha256",
  kernel_name: "labelfree",
};

test("a connection file gives the address of each channel", () => {
  const connection = toConnectionInfo(file);
  expect(endpoint(connection, "shell")).toBe("tcp://127.0.0.1:1001");
  expect(endpoint(connection, "hb")).toBe("tcp://127.0.0.1:1005");
  expect(endpoint(toConnectionInfo({ ...file, ip: "::1" }), "iopub")).toBe("tcp://[::1]:1002");
  expect(endpoint(toConnectionInfo({ ...file, transport: "ipc", ip: "/run/k" }), "stdin")).toBe("ipc:///run/k-1003");
});

test("without an address a kernel listens to this machine alone", () => {
  expect(endpoint(toConnectionInfo({ ...file, ip: undefined }), "control")).toBe("tcp://127.0.0.1:1004");
});

test("unsigned messages are for this machine alone", () => {
  expect(toConnectionInfo({ ...file, key: "" }).key).toBe("");
  expect(() => toConnectionInfo({ ...file, key: "", ip: "0.0.0.0" })).toThrow("whoever reaches this address");
  expect(() => toConnectionInfo({ ...file, key: "", ip: "*" })).toThrow("key");
});

test.each([
  [null, "no object"],
  [{ ...file, hb_port: "1005" }, 'hb_port: got "1005"'],
  [{ ...file, shell_port: 0 }, "shell_port: got 0"],
  [{ ...file, control_port: undefined }, "control_port"],
  [{ ...file, transport: "udp" }, "transport: got udp"],
  [{ ...file, key: 5 }, "key: got 5"],
])("a wrong connection file says what is wrong (%#)", (content, message) => {
  expect(() => toConnectionInfo(content)).toThrow(message);
});
