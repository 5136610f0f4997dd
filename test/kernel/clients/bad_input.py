"""What a kernel must survive: messages that are unsigned, broken, replayed, huge or very many."""

import hashlib
import hmac
import json
import socket as sockets
import time

import zmq

import peer
from peer import KernelCase

CHANNELS = ("shell", "control", "stdin")


class BadInput(KernelCase):
    def setUp(self):
        self.context = zmq.Context()
        self.info = self.peer.kc.get_connection_info()
        self.count = 0

    def tearDown(self):
        self.context.destroy(linger=200)

    def dealer(self, channel):
        raw = self.context.socket(zmq.DEALER)
        raw.connect(f"tcp://{self.info['ip']}:{self.info[channel + '_port']}")
        return raw

    def frames(self, msg_type, content, key=None, dictionaries=None):
        self.count += 1
        header = {
            "msg_id": f"raw-{time.time()}-{self.count}",
            "msg_type": msg_type,
            "session": "raw",
            "username": "mallory",
            "date": "2026-01-01T00:00:00Z",
            "version": "5.5",
        }
        parts = dictionaries or [json.dumps(header).encode(), b"{}", b"{}", json.dumps(content).encode()]
        digest = hmac.new(self.info["key"] if key is None else key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return [b"<IDS|MSG>", digest.hexdigest().encode(), *parts]

    def code(self, code):
        return {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}

    def assert_at_work(self):
        started = time.time()
        self.assertEqual(self.run_ok("20 + 22").value, "42")
        self.assertLess(time.time() - started, 20)
        self.assertEqual(self.peer.ask("control", "kernel_info_request").content["status"], "ok")

    def assert_no_answer(self, raw):
        self.assertFalse(raw.poll(300), "an answer came")

    def test_a_message_with_a_wrong_signature_does_nothing(self):
        self.run_ok("globalThis.touched = 0")
        attack = self.code("globalThis.touched++")
        for channel in CHANNELS:
            raw = self.dealer(channel)
            good = self.frames("execute_request", attack)
            raw.send_multipart(self.frames("execute_request", attack, key=b"wrong"))
            raw.send_multipart([good[0], b"", *good[2:]])
            raw.send_multipart([good[0], b"0" * 64, *good[2:]])
            raw.send_multipart([good[0], good[1].upper(), *good[2:]])
            raw.send_multipart([good[0], good[1], good[2], good[3], good[4], good[5].replace(b"touched", b"Touched")])
            raw.send_multipart(self.frames("shutdown_request", {"restart": False}, key=b"wrong"))
            raw.send_multipart(self.frames("interrupt_request", {}, key=b"wrong"))
            self.assert_no_answer(raw)
        self.assertEqual(self.run_ok("globalThis.touched").value, "0")
        self.assert_at_work()

    def test_a_recorded_message_sent_again_does_nothing(self):
        self.run_ok("globalThis.runs = 0")
        raw = self.dealer("shell")
        message = self.frames("execute_request", self.code("globalThis.runs++"))
        for _ in range(3):
            raw.send_multipart(message)
        time.sleep(0.5)
        self.assertEqual(self.run_ok("globalThis.runs").value, "1")

    def test_broken_messages_are_ignored(self):
        good = self.frames("kernel_info_request", {})
        header = good[2]
        deep = b"[" * 1_000_000
        broken = [
            [b""],
            [b"<IDS|MSG>"],
            [b"<IDS|MSG>", b"x"],
            [b"a"] * 500,
            good[:4],
            self.frames("", None, dictionaries=[b"{", b"{}", b"{}", b"{}"]),
            self.frames("", None, dictionaries=[b"", b"", b"", b""]),
            self.frames("", None, dictionaries=[header, b"{}", b"{}", b"[]"]),
            self.frames("", None, dictionaries=[header, b"{}", b"{}", b"null"]),
            self.frames("", None, dictionaries=[header, b"{}", b"1", b"{}"]),
            self.frames("", None, dictionaries=[b'{"msg_id": 1, "msg_type": 2}', b"{}", b"{}", b"{}"]),
            self.frames("", None, dictionaries=[b'{"msg_id": "1"}', b"{}", b"{}", b"{}"]),
            self.frames("", None, dictionaries=[header, b"{}", b"{}", b'{"code": "\xff\xfe\x80"}']),
            self.frames("", None, dictionaries=[b"\xff\xfe" + header, b"{}", b"{}", b"{}"]),
            self.frames("", None, dictionaries=[header, b"{}", b"{}", deep]),
        ]
        for channel in CHANNELS:
            raw = self.dealer(channel)
            for message in broken:
                raw.send_multipart(message)
            self.assert_no_answer(raw)
        self.assert_at_work()

    def test_wrong_content_is_answered_or_ignored(self):
        wrong = [None, 1, True, [], {}, "", "x" * 1000]
        requests = {
            "execute_request": ["code", "user_expressions", "allow_stdin", "silent"],
            "complete_request": ["code", "cursor_pos"],
            "inspect_request": ["code", "cursor_pos", "detail_level"],
            "is_complete_request": ["code"],
            "history_request": ["hist_access_type", "n", "session", "start", "stop", "pattern", "output"],
            "comm_info_request": ["target_name"],
            "comm_open": ["comm_id", "target_name", "data"],
            "comm_msg": ["comm_id", "data"],
            "comm_close": ["comm_id", "data"],
            "kernel_info_request": ["future"],
        }
        raw = self.dealer("shell")
        sent = 0
        for msg_type, names in requests.items():
            for name in names:
                for value in wrong:
                    content = {"code": "1", "cursor_pos": 1, "hist_access_type": "tail", "stop_on_error": False}
                    raw.send_multipart(self.frames(msg_type, {**content, name: value}))
                    sent += 1 if "request" in msg_type else 0
            raw.send_multipart(self.frames(msg_type, {}))
            sent += 1 if "request" in msg_type else 0
        end = time.time() + 60
        answers = 0
        while answers < sent and time.time() < end:
            if raw.poll(1000):
                raw.recv_multipart()
                answers += 1
        self.assertEqual(answers, sent)
        for channel in ("control", "stdin"):
            raw = self.dealer(channel)
            for msg_type in ("debug_request", "delete_subshell_request", "input_reply", "interrupt_request"):
                for value in wrong:
                    raw.send_multipart(self.frames(msg_type, {"seq": value, "subshell_id": value, "value": value}))
        self.peer.nothing_more(1)
        self.assert_at_work()

    def test_a_cell_of_50_megabytes_runs(self):
        code = "'" + "x" * 50_000_000 + "'.length"
        cell = self.peer.run(code, timeout=60)
        self.assertEqual(cell.content["status"], "ok", str(cell.content)[:500])
        self.assertEqual(cell.value, "50000000")
        self.assert_at_work()

    def test_a_frame_beyond_any_reason_only_loses_its_sender(self):
        for channel in ("shell", "control", "stdin", "iopub", "hb"):
            raw = sockets.create_connection((self.info["ip"], self.info[channel + "_port"]))
            # a greeting of ZMTP 3.0 with the NULL mechanism, READY, then a frame that claims 2^62 bytes
            raw.sendall(b"\xff" + b"\0" * 8 + b"\x7f\x03\x00NULL" + b"\0" * 16 + b"\0" + b"\0" * 31)
            raw.sendall(b"\x04\x1a\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER")
            raw.sendall(b"\x02" + (2**62).to_bytes(8, "big") + b"x" * 1000)
            time.sleep(0.05)
            raw.close()
        self.assert_at_work()

    def test_bytes_that_are_no_zeromq_are_ignored(self):
        for channel in ("shell", "control", "stdin", "iopub", "hb"):
            for data in (b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100_000, bytes(range(256)) * 100):
                raw = sockets.create_connection((self.info["ip"], self.info[channel + "_port"]))
                try:
                    raw.sendall(data)
                except OSError:
                    pass  # it has hung up on us, as it should
                raw.close()
        self.assert_at_work()

    def test_floods_on_every_channel_leave_it_at_work(self):
        noise = [b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"]
        for channel in CHANNELS:
            raw = self.dealer(channel)
            raw.sndhwm = 0
            for _ in range(30_000):
                raw.send_multipart(noise)
        self.assert_at_work()

    def test_a_flood_of_heartbeats_and_subscriptions_leaves_it_at_work(self):
        beat = self.context.socket(zmq.DEALER)
        beat.connect(f"tcp://{self.info['ip']}:{self.info['hb_port']}")
        for _ in range(20_000):
            beat.send_multipart([b"", b"beat"])
        subscribers = []
        for n in range(50):
            subscriber = self.context.socket(zmq.SUB)
            subscriber.connect(f"tcp://{self.info['ip']}:{self.info['iopub_port']}")
            for m in range(20):
                subscriber.setsockopt(zmq.SUBSCRIBE, f"topic {n} {m}".encode() + b"\xff")
            subscribers.append(subscriber)
        self.assert_at_work()
        other = self.context.socket(zmq.REQ)
        other.connect(f"tcp://{self.info['ip']}:{self.info['hb_port']}")
        other.send(b"beat")
        self.assertTrue(other.poll(2000))
        self.assertEqual(other.recv(), b"beat")

    def test_ten_thousand_signed_requests_are_all_answered(self):
        raw = self.dealer("shell")
        raw.sndhwm = raw.rcvhwm = 0
        for _ in range(10_000):
            raw.send_multipart(self.frames("kernel_info_request", {}))
        for _ in range(10_000):
            self.assertTrue(raw.poll(10_000))
            raw.recv_multipart()
        self.peer.unread = []
        self.peer.nothing_more(2)
        self.assert_at_work()


if __name__ == "__main__":
    peer.main()
