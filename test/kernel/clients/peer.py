"""A kernel under test with jupyter_client as its peer, and a test runner that reports one JSON line a test."""

import json
import re
import sys
import time
import unittest
from queue import Empty

from jupyter_client.manager import KernelManager

NAME = "labelfree"
TIMEOUT = 30


def plain(text):
    """Text without colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", text)


class Cell:
    """What came back for one request: the reply and its iopub messages from busy to idle. Texts are without colours."""

    def __init__(self, msg_id, reply, messages):
        self.msg_id = msg_id
        self.reply = reply
        self.messages = messages

    @property
    def content(self):
        return self.reply["content"]

    @property
    def types(self):
        return [
            m["content"]["execution_state"] if m["msg_type"] == "status" else m["msg_type"]
            for m in self.messages
        ]

    def of(self, msg_type):
        return [m["content"] for m in self.messages if m["msg_type"] == msg_type]

    def text(self, name="stdout"):
        return plain("".join(c["text"] for c in self.of("stream") if c["name"] == name))

    @property
    def value(self):
        results = self.of("execute_result")
        return plain(results[0]["data"]["text/plain"]) if results else None


class Peer:
    def __init__(self, **options):
        self.km = KernelManager(kernel_name=NAME)
        self.km.start_kernel(**options)
        self.kc = self.km.client()
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=TIMEOUT)
        self.unread = []

    def close(self):
        self.kc.stop_channels()
        self.km.shutdown_kernel(now=True)

    def send(self, channel, msg_type, content=None, **fields):
        msg = self.kc.session.msg(msg_type, content or {})
        header = fields.pop("header", {})
        msg["header"].update(header)
        socket = getattr(self.kc, f"{channel}_channel").socket
        self.kc.session.send(socket, msg, **fields)
        return msg["header"]["msg_id"]

    def execute(self, code, header=None, **fields):
        content = dict(
            code=code, silent=False, store_history=True, user_expressions={}, allow_stdin=False, stop_on_error=True
        )
        content.update(fields)
        return self.send("shell", "execute_request", content, header=header or {})

    def run(self, code, timeout=TIMEOUT, **fields):
        return self.finish(self.execute(code, **fields), timeout=timeout)

    def ask(self, channel, msg_type, content=None, timeout=TIMEOUT):
        return self.finish(self.send(channel, msg_type, content), channel, timeout)

    def finish(self, msg_id, channel="shell", timeout=TIMEOUT):
        reply = self.reply(msg_id, channel, timeout)
        return Cell(msg_id, reply, self.output(msg_id, timeout))

    def reply(self, msg_id, channel="shell", timeout=TIMEOUT):
        read = getattr(self.kc, f"get_{channel}_msg")
        end = time.time() + timeout
        kept = getattr(self, f"_{channel}", [])
        for msg in kept:
            if msg["parent_header"].get("msg_id") == msg_id:
                kept.remove(msg)
                return msg
        while True:
            msg = read(timeout=max(0.01, end - time.time()))
            if msg["parent_header"].get("msg_id") == msg_id:
                return msg
            kept.append(msg)
            setattr(self, f"_{channel}", kept)

    def output(self, msg_id, timeout=TIMEOUT, until=None):
        """The iopub messages of a request up to its idle, or to the first that `until` accepts."""
        end = time.time() + timeout
        mine = []
        waiting, self.unread = self.unread, []

        def is_last(msg):
            return until(msg) if until else msg["content"].get("execution_state") == "idle"

        while True:
            if waiting:
                msg = waiting.pop(0)
            else:
                msg = self.kc.get_iopub_msg(timeout=max(0.01, end - time.time()))
            if msg["parent_header"].get("msg_id") != msg_id:
                self.unread.append(msg)
                continue
            mine.append(msg)
            if is_last(msg):
                self.unread += waiting
                return mine

    def nothing_more(self, seconds=0.3):
        """The iopub messages that still come in this time."""
        end = time.time() + seconds
        more = []
        while time.time() < end:
            try:
                more.append(self.kc.get_iopub_msg(timeout=max(0.01, end - time.time())))
            except Empty:
                break
        return more


class KernelCase(unittest.TestCase):
    """Tests that share one kernel; `restart` gives the rest of them a fresh one."""

    options = {}

    @classmethod
    def setUpClass(cls):
        cls.peer = Peer(**cls.options)

    @classmethod
    def tearDownClass(cls):
        cls.peer.close()

    def run_ok(self, code, **fields):
        cell = self.peer.run(code, **fields)
        self.assertEqual(cell.content["status"], "ok", cell.content)
        return cell


class JsonResult(unittest.TestResult):
    def _say(self, test, status, detail=""):
        name = test.id().split(".")[-1]
        print("RESULT " + json.dumps({"name": name, "status": status, "detail": detail}), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._say(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._say(test, "failed", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._say(test, "failed", self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._say(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._say(test, "failed", "".join(unittest.result.TestResult._exc_info_to_string(self, err, test)))


def main():
    module = sys.modules["__main__"]
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite()
    for case in vars(module).values():
        is_case = isinstance(case, type) and issubclass(case, unittest.TestCase)
        if is_case and case.__module__ == "__main__":
            suite.addTests(loader.loadTestsFromTestCase(case))
    suite.run(JsonResult())
