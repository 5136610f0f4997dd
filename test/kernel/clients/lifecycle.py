"""Signals, parents and children: the kernel ends when it should, and leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import peer
from peer import Peer


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def descendants_of(pid):
    found = []
    for child in children_of(pid):
        found += [child, *descendants_of(child)]
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(test, seconds=5.0):
    end = time.time() + seconds
    while time.time() < end:
        if test():
            return True
        time.sleep(0.02)
    return test()


class Lifecycle(unittest.TestCase):
    def setUp(self):
        self.peer = Peer()
        self.pid = self.peer.km.provisioner.pid

    def tearDown(self):
        self.peer.close()

    def assert_all_gone(self, pids, seconds=5.0):
        wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds)
        self.assertEqual([pid for pid in pids if is_alive(pid)], [])

    def test_sigint_interrupts_the_cell_and_keeps_the_state(self):
        self.peer.run("let kept = 41")
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        time.sleep(0.2)
        os.kill(self.pid, signal.SIGINT)
        self.assertEqual(self.peer.finish(running, timeout=10).content["status"], "error")
        self.assertEqual(self.peer.run("kept + 1").value, "42")

    def test_sigint_of_the_whole_group_is_an_interrupt_too(self):
        self.peer.run("let kept = 41")
        running = self.peer.execute("await new Promise(() => {})")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        time.sleep(0.2)
        os.killpg(os.getpgid(self.pid), signal.SIGINT)
        self.assertEqual(self.peer.finish(running, timeout=10).content["status"], "error")
        self.assertEqual(self.peer.run("kept + 1").value, "42")

    def test_sigint_of_an_idle_kernel_changes_nothing(self):
        self.peer.run("let kept = 41")
        os.kill(self.pid, signal.SIGINT)
        time.sleep(0.3)
        self.assertEqual(self.peer.run("kept + 1").value, "42")

    def test_sigterm_ends_all_its_processes(self):
        busy = "import('node:child_process').then(c => c.spawn('sleep', ['600'])); setInterval(() => {}, 1000); 1"
        self.peer.run(busy)
        wait_until(lambda: len(descendants_of(self.pid)) >= 2)
        pids = [self.pid, *descendants_of(self.pid)]
        self.assertGreaterEqual(len(pids), 3)
        os.kill(self.pid, signal.SIGTERM)
        self.assert_all_gone(pids)

    def test_sigterm_ends_a_kernel_that_computes(self):
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        pids = [self.pid, *descendants_of(self.pid)]
        os.kill(self.pid, signal.SIGTERM)
        self.assert_all_gone(pids)

    def test_sigkill_of_the_kernel_leaves_no_child(self):
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        pids = [self.pid, *descendants_of(self.pid)]
        os.kill(self.pid, signal.SIGKILL)
        self.assert_all_gone(pids)

    def test_shutdown_leaves_no_child(self):
        self.peer.run("import('node:child_process').then(c => c.spawn('sleep', ['600'])); 1")
        wait_until(lambda: len(descendants_of(self.pid)) >= 2)
        pids = [self.pid, *descendants_of(self.pid)]
        self.peer.send("control", "shutdown_request", {"restart": False})
        self.assert_all_gone(pids)

    def test_a_child_that_exits_is_replaced_and_the_cell_says_so(self):
        self.peer.run("let gone = 1")
        cell = self.peer.run("process.exit(3)", timeout=15)
        self.assertEqual(cell.content["status"], "error")
        self.assertTrue(cell.content["evalue"])
        cell = self.peer.run("typeof gone", timeout=15)
        self.assertEqual(cell.value, "'undefined'")

    def test_a_child_that_is_killed_is_replaced(self):
        running = self.peer.execute("while (true) {}")
        self.peer.output(running, until=lambda m: m["msg_type"] == "execute_input")
        for child in children_of(self.pid):
            os.kill(child, signal.SIGKILL)
        self.assertEqual(self.peer.finish(running, timeout=15).content["status"], "error")
        self.assertEqual(self.peer.run("1 + 1", timeout=15).value, "2")


class Parent(unittest.TestCase):
    def test_the_kernel_ends_with_its_parent(self):
        code = (
            "import json, peer, time\n"
            "p = peer.Peer()\n"
            "p.run('setInterval(() => {}, 1000)')\n"
            "print(json.dumps(p.km.provisioner.pid), flush=True)\n"
            "time.sleep(600)\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        kernel = json.loads(parent.stdout.readline())
        pids = [kernel, *descendants_of(kernel)]
        self.assertTrue(all(is_alive(pid) for pid in pids))
        parent.kill()
        parent.wait()
        parent.stdout.close()
        self.assertTrue(wait_until(lambda: not any(is_alive(pid) for pid in pids), 5), pids)


class Start(unittest.TestCase):
    def test_a_kernel_answers_soon_after_its_start(self):
        from jupyter_client.manager import KernelManager

        times = []
        for _ in range(3):
            km = KernelManager(kernel_name=peer.NAME)
            started = time.time()
            km.start_kernel()
            kc = km.client()
            kc.start_channels()
            try:
                kc.kernel_info()
                kc.get_shell_msg(timeout=30)
                times.append(time.time() - started)
            finally:
                kc.stop_channels()
                km.shutdown_kernel(now=True)
        print(f"MEASURED start {round(min(times) * 1000)} ms", flush=True)
        self.assertLess(min(times), 5)

    def test_a_wrong_connection_file_ends_with_a_message(self):
        spec = json.load(open(os.path.join(os.environ["JUPYTER_PATH"], "kernels", peer.NAME, "kernel.json")))
        argv = [part.replace("{connection_file}", "/nowhere.json") for part in spec["argv"]]
        ended = subprocess.run(argv, capture_output=True, text=True, timeout=20)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("/nowhere.json", ended.stderr)


if __name__ == "__main__":
    peer.main()
