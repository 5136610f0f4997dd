"""The debugger by messages on control, as JupyterLab sends them."""

import os
import time

import peer
from peer import KernelCase

CELL = """const numbers = [1, 2, 3];
function total(values: number[]): number {
  let sum = 0;
  for (const value of values) {
    sum += value;
  }
  return sum;
}

const first = total(numbers);
console.log("total", first);
first * 2"""


class Debugger(KernelCase):
    def setUp(self):
        self.seq = 0
        self.events = []
        info = self.ask("initialize", clientID="test", linesStartAt1=True, columnsStartAt1=True)
        self.assertTrue(info["supportsConfigurationDoneRequest"])
        self.ask("attach")

    def tearDown(self):
        self.ask("disconnect", restart=False, terminateDebuggee=False)

    def request(self, command, **arguments):
        self.seq += 1
        content = dict(type="request", seq=self.seq, command=command, arguments=arguments)
        response = self.peer.reply(self.peer.send("control", "debug_request", content), "control")["content"]
        self.assertEqual(response["type"], "response")
        self.assertEqual(response["request_seq"], self.seq)
        self.assertEqual(response["command"], command)
        return response

    def ask(self, command, **arguments):
        response = self.request(command, **arguments)
        self.assertTrue(response["success"], response)
        return response["body"]

    def refused(self, command, **arguments):
        response = self.request(command, **arguments)
        self.assertFalse(response["success"], response)
        return response["message"]

    def event(self, name, timeout=10):
        """The next event of this name; what else comes on iopub is kept for others."""
        end = time.time() + timeout
        kept, self.peer.unread = self.peer.unread, []
        while True:
            msg = kept.pop(0) if kept else self.peer.kc.get_iopub_msg(timeout=max(0.01, end - time.time()))
            if msg["msg_type"] == "debug_event" and msg["content"]["event"] == name:
                self.peer.unread += kept
                return msg["content"]["body"]
            self.peer.unread.append(msg)

    def dump(self, code, *lines, **condition):
        path = self.ask("dumpCell", code=code)["sourcePath"]
        wanted = [dict(line=line, **condition) for line in lines]
        set_ = self.ask("setBreakpoints", source=dict(path=path), breakpoints=wanted)["breakpoints"]
        self.assertTrue(all(b["verified"] for b in set_))
        self.ask("configurationDone")
        return path, [b["line"] for b in set_]

    def stop(self):
        self.assertEqual(self.event("stopped")["threadId"], 1)
        frames = self.ask("stackTrace", threadId=1)["stackFrames"]
        return frames

    def variables(self, frame, scope=0):
        scopes = self.ask("scopes", frameId=frame["id"])["scopes"]
        found = self.ask("variables", variablesReference=scopes[scope]["variablesReference"])["variables"]
        return scopes[scope]["name"], {v["name"]: v for v in found}

    def go_on(self, msg_id):
        self.ask("continue", threadId=1)
        return self.peer.finish(msg_id)

    def test_the_kernel_says_that_it_has_a_debugger(self):
        info = self.peer.ask("control", "kernel_info_request").content
        self.assertTrue(info["debugger"])
        self.assertIn("debugger", info["supported_features"])

    def test_a_breakpoint_in_a_cell_stops_it_and_the_cell_ends_as_ever(self):
        path, lines = self.dump(CELL, 5)
        self.assertEqual(lines, [5])
        msg_id = self.peer.execute(CELL)
        frames = self.stop()
        self.assertEqual([(f["name"], f["line"]) for f in frames][0], ("total", 5))
        self.assertEqual(frames[1]["line"], 10)
        self.assertEqual({f["source"]["path"] for f in frames}, {path})
        scope, found = self.variables(frames[0])
        self.assertEqual(scope, "Locals")
        self.assertEqual((found["sum"]["value"], found["value"]["value"]), ("0", "1"))
        self.assertEqual(found["values"]["type"], "Array")
        members = self.ask("variables", variablesReference=found["values"]["variablesReference"])["variables"]
        self.assertEqual([(m["name"], m["value"]) for m in members][:3], [("0", "1"), ("1", "2"), ("2", "3")])
        self.assertEqual(self.ask("evaluate", expression="sum + value * 10", frameId=frames[0]["id"])["result"], "10")
        self.assertIn("ReferenceError", self.refused("evaluate", expression="nowhere", frameId=frames[0]["id"]))
        self.assertEqual(self.ask("debugInfo")["stoppedThreads"], [1])
        self.ask("setBreakpoints", source=dict(path=path), breakpoints=[])
        cell = self.go_on(msg_id)
        self.assertEqual(cell.content["status"], "ok")
        self.assertEqual(cell.text(), "total 6\n")
        self.assertEqual(cell.value, "12")
        self.assertEqual(self.ask("debugInfo")["stoppedThreads"], [])

    def test_steps_go_over_into_and_out_of_functions(self):
        code = "function inner(x: number) {\n  const y = x + 1;\n  return y;\n}\nconst a = inner(1);\nconst b = inner(a);\nawait 1;\n[a, b].join()"
        self.dump(code, 5)
        msg_id = self.peer.execute(code)
        self.assertEqual(self.stop()[0]["line"], 5)
        seen = []
        for command in ("next", "stepIn", "next", "stepOut", "next", "next"):
            self.ask(command, threadId=1)
            self.event("continued")
            frames = self.stop()
            seen.append((len(frames), frames[0]["line"]))
            if seen[-1] == (2, 3):
                self.assertEqual(self.variables(frames[0])[1]["y"]["value"], "3")
        self.assertEqual(seen[0], (1, 6))
        self.assertEqual(seen[1], (2, 2))
        self.assertEqual(seen[2], (2, 3))
        self.assertEqual(seen[3][0], 1)
        self.assertEqual(seen[-1][0], 1)
        self.assertGreaterEqual(seen[-1][1], 7)
        cell = self.go_on(msg_id)
        self.assertEqual(cell.value, "'2,3'")

    def test_functions_of_earlier_cells_get_breakpoints_too(self):
        code = "const double = (n: number) => {\n  const twice = n * 2;\n  return twice;\n};"
        self.run_ok(code)
        self.dump(code, 3)
        msg_id = self.peer.execute("double(21)")
        frames = self.stop()
        self.assertEqual((frames[0]["name"], frames[0]["line"]), ("double", 3))
        self.assertEqual(self.variables(frames[0])[1]["twice"]["value"], "42")
        self.assertEqual(self.go_on(msg_id).value, "42")

    def test_a_condition_decides(self):
        code = "let hits = 0;\nfor (let i = 0; i < 100; i++) {\n  hits += 1;\n}\nhits"
        self.dump(code, 3, condition="i === 70")
        msg_id = self.peer.execute(code)
        frames = self.stop()
        self.assertEqual(self.variables(frames[0])[1]["i"]["value"], "70")
        self.assertEqual(self.go_on(msg_id).value, "100")

    def test_a_line_without_code_moves_to_the_next(self):
        self.assertEqual(self.dump("let m = 1;\n\n// nothing\nm += 1;\nm", 2)[1], [4])

    def test_compiled_typescript_stops_at_its_own_lines(self):
        code = "enum Size {\n  Small = 1,\n  Large = 10,\n}\n\nconst size: Size = Size.Large;\nconst area = size * size;\narea"
        self.dump(code, 7)
        msg_id = self.peer.execute(code)
        frames = self.stop()
        self.assertEqual(frames[0]["line"], 7)
        self.assertEqual(self.ask("evaluate", expression="size", frameId=frames[0]["id"])["result"], "10")
        self.assertEqual(self.go_on(msg_id).value, "100")

    def test_a_local_module_stops_at_its_own_lines(self):
        path = os.path.join(os.getcwd(), "halves.ts")
        with open(path, "w", encoding="utf-8") as file:
            file.write("export function half(n: number): number {\n  const result = n / 2;\n  return result;\n}\n")
        self.ask("setBreakpoints", source=dict(path=path), breakpoints=[dict(line=3)])
        msg_id = self.peer.execute("import { half } from './halves.ts';\nhalf(10)")
        frames = self.stop()
        self.assertEqual((frames[0]["name"], frames[0]["line"], frames[0]["source"]["path"]), ("half", 3, path))
        self.assertEqual(self.variables(frames[0])[1]["result"]["value"], "5")
        self.assertEqual(self.ask("modules")["modules"], [dict(id=1, name="halves.ts", path=path)])
        self.assertEqual(self.go_on(msg_id).value, "5")

    def test_an_interrupt_ends_a_stopped_cell(self):
        code = "let turns = 0;\nwhile (true) {\n  turns += 1;\n}"
        self.dump(code, 3)
        msg_id = self.peer.execute(code)
        self.stop()
        self.peer.ask("control", "interrupt_request")
        cell = self.peer.finish(msg_id)
        self.assertEqual(cell.content["status"], "error")
        self.assertEqual(self.run_ok("turns > 0").value, "true")
        msg_id = self.peer.execute(code)  # breakpoints count again
        self.stop()
        self.peer.ask("control", "interrupt_request")
        self.assertEqual(self.peer.finish(msg_id).content["status"], "error")

    def test_disconnect_lets_a_stopped_cell_run_on(self):
        code = "let steps = 1;\nsteps += 1;\nsteps"
        self.dump(code, 2)
        msg_id = self.peer.execute(code)
        self.stop()
        self.ask("disconnect")
        self.assertEqual(self.peer.finish(msg_id).value, "2")
        self.assertFalse(self.ask("debugInfo")["isStarted"])
        self.assertIn("initialize", self.refused("setBreakpoints", source=dict(path="x"), breakpoints=[]))
        self.assertEqual(self.run_ok(code).value, "2")

    def test_variables_of_the_notebook_are_inspected_without_a_stop(self):
        self.run_ok("const shown = { a: [1, 2], b: 'text' };")
        found = {v["name"]: v for v in self.ask("inspectVariables")["variables"]}
        members = self.ask("variables", variablesReference=found["shown"]["variablesReference"])["variables"]
        self.assertEqual([(m["name"], m["value"]) for m in members][:2], [("a", "Array(2)"), ("b", '"text"')])
        rich = self.ask("richInspectVariables", variableName="shown")
        self.assertIn("text", peer.plain(rich["data"]["text/plain"]))
        self.refused("richInspectVariables", variableName="not a name")

    def test_debug_info_lets_a_client_compute_the_path_of_a_cell(self):
        info = self.ask("debugInfo")
        self.assertTrue(info["isStarted"])
        self.assertEqual(info["hashMethod"], "Murmur2")
        for code in ("", "a", "ab", "abc", "abcd", "const é = '😀';\n"):
            name = f"{info['tmpFilePrefix']}{murmur2(code, info['hashSeed'])}{info['tmpFileSuffix']}"
            path = self.ask("dumpCell", code=code)["sourcePath"]
            self.assertEqual(path, name)
            self.assertEqual(self.ask("source", source=dict(path=path))["content"], code)

    def test_requests_that_cannot_be_answered_say_why(self):
        self.assertIn("not stopped", self.refused("next", threadId=1))
        self.assertIn("no frame", self.refused("scopes", frameId=99))
        self.assertIn("no reference", self.refused("variables", variablesReference=12345))
        self.assertIn("no request", self.refused("toString"))
        self.assertEqual(self.ask("threads")["threads"], [{"id": 1, "name": "cells"}])
        self.assertEqual(self.ask("dumpCell", code="")["sourcePath"][-3:], ".ts")


def murmur2(text, seed):
    """MurmurHash2 from its description, with Python's unlimited integers."""
    data, m, mask = text.encode(), 0x5BD1E995, 0xFFFFFFFF
    h = (seed ^ len(data)) & mask
    while len(data) >= 4:
        k = int.from_bytes(data[:4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = h * m & mask ^ k
        data = data[4:]
    if data:
        h = (h ^ int.from_bytes(data, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


if __name__ == "__main__":
    peer.main()
