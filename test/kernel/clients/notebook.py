"""nbconvert --execute: every line there, in order, in its cell, also after a cell that raises."""

import os
import subprocess
import sys
import tempfile
import time
import unittest

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

import peer
from peer import plain

LINES = 100_000

CELLS = {
    "lines": f"for (let i = 0; i < {LINES}; i++) console.log('line', String(i))",
    "both": "for (let i = 0; i < 2000; i++) { console.log('out ' + i); console.error('err ' + i) }",
    "shared": "let total: number = 0\nconst add = (n: number) => { total += n }",
    "program": "import { execSync } from 'node:child_process'\nexecSync('seq 1 3000', { stdio: 'inherit' })\ntotal",
    "raise": "console.log('before'); add(5); throw new RangeError('on purpose')",
    "after": "add(1); total",
    "chart": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'application/vnd.vegalite.v5+json': { mark: 'bar' }, "
    "'text/plain': 'chart' }) }); 'drawn'",
    "late": "await new Promise(r => setTimeout(() => { console.log('waited'); r(0) }, 50)); 'end'",
}


def convert(allow_errors):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "in.ipynb")
        notebook = new_notebook(cells=[new_code_cell(code) for code in CELLS.values()])
        notebook.metadata.kernelspec = {"name": peer.NAME, "display_name": "TypeScript", "language": "typescript"}
        nbformat.write(notebook, source)
        command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", source]
        started = time.time()
        ended = subprocess.run(command + allow_errors, capture_output=True, text=True, timeout=280)
        seconds = time.time() - started
        target = os.path.join(folder, "out.ipynb")
        result = nbformat.read(target, 4) if os.path.exists(target) else None
        return ended, result, seconds


def streams(cell, name):
    return "".join(plain(o["text"]) for o in cell["outputs"] if o["output_type"] == "stream" and o["name"] == name)


def values(cell):
    return [plain(o["data"]["text/plain"]) for o in cell["outputs"] if o["output_type"] == "execute_result"]


class Notebook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ended, result, seconds = convert(["--allow-errors"])
        cls.stderr = ended.stderr
        cls.cells = dict(zip(CELLS, result["cells"])) if result else {}
        print(f"MEASURED notebook {round(seconds, 1)} s", flush=True)

    def cell(self, name):
        self.assertIn(name, self.cells, self.stderr[-3000:])
        return self.cells[name]

    def test_a_hundred_thousand_lines_are_there_in_order(self):
        self.assertEqual(streams(self.cell("lines"), "stdout"), "".join(f"line {i}\n" for i in range(LINES)))

    def test_two_streams_lose_nothing(self):
        cell = self.cell("both")
        self.assertEqual(streams(cell, "stdout"), "".join(f"out {i}\n" for i in range(2000)))
        self.assertEqual(streams(cell, "stderr"), "".join(f"err {i}\n" for i in range(2000)))

    def test_a_program_writes_into_its_cell(self):
        cell = self.cell("program")
        self.assertEqual(streams(cell, "stdout"), "".join(f"{i}\n" for i in range(1, 3001)))
        self.assertEqual(values(cell), ["0"])

    def test_an_error_is_in_its_cell_and_the_next_goes_on(self):
        cell = self.cell("raise")
        self.assertEqual(streams(cell, "stdout"), "before\n")
        (error,) = [o for o in cell["outputs"] if o["output_type"] == "error"]
        self.assertEqual((error["ename"], error["evalue"]), ("RangeError", "on purpose"))
        self.assertEqual(values(self.cell("after")), ["6"])

    def test_a_chart_keeps_its_mime_types(self):
        (data,) = [o["data"] for o in self.cell("chart")["outputs"] if o["output_type"] == "display_data"]
        self.assertEqual(data["application/vnd.vegalite.v5+json"], {"mark": "bar"})
        self.assertEqual(data["text/plain"], "chart")

    def test_awaited_output_is_in_its_cell(self):
        cell = self.cell("late")
        self.assertEqual(streams(cell, "stdout"), "waited\n")
        self.assertEqual(values(cell), ["'end'"])

    def test_without_allow_errors_it_stops_at_the_error(self):
        ended, _, _ = convert([])
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("on purpose", ended.stderr)


if __name__ == "__main__":
    peer.main()
