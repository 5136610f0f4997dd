"""A kernel with limits: started with --memory-limit 128 --output-limit 1 --types block --no-history."""

import os

import peer
from peer import KernelCase


class Options(KernelCase):
    def test_memory_beyond_the_limit_is_told_and_the_kernel_goes_on(self):
        code = "const hoard: number[][] = []; while (true) hoard.push(new Array(100_000).fill(1.5))"
        cell = self.peer.run(code, timeout=60)
        self.assertEqual(cell.content["status"], "error")
        self.assertIn("memory", cell.content["evalue"])
        self.assertIn("128", cell.content["evalue"])
        self.assertEqual(self.peer.run("1 + 1").value, "2")

    def test_output_beyond_the_limit_is_cut_and_told(self):
        cell = self.run_ok("for (let i = 0; i < 100_000; i++) console.log('a line of text', i); 'end'")
        self.assertEqual(len("".join(c["text"] for c in cell.of("stream") if c["name"] == "stdout")), 2**20)
        self.assertIn("1 MB", cell.text("stderr"))
        self.assertEqual(cell.value, "'end'")
        self.assertEqual(self.run_ok("console.log('x')").text(), "x\n")

    def test_a_type_error_forbids_to_run(self):
        cell = self.peer.run("globalThis.ran = true; const wrong: number = 'text'")
        self.assertEqual(cell.content["ename"], "TypeCheckError")
        self.assertIn("TS2322", cell.content["evalue"])
        self.assertEqual(self.run_ok("'ran' in globalThis").value, "false")

    def test_the_history_is_not_stored(self):
        self.run_ok("'a secret'")
        found = self.peer.ask("shell", "history_request", dict(output=False, raw=True, hist_access_type="tail", n=9))
        self.assertIn("'a secret'", [row[2] for row in found.content["history"]])
        self.assertFalse(os.path.exists(os.path.join(os.environ["XDG_DATA_HOME"], "labelfree")))


if __name__ == "__main__":
    peer.main()
