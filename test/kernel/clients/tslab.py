"""The same cells under tslab and under this kernel, with the same output: what a notebook for both may use."""

import json
import os

from jupyter_client.kernelspec import KernelSpecManager

import peer

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
TSLAB = os.path.join(ROOT, "node_modules", "tslab", "bin", "tslab")

# tslab makes every import and import() a require(), which fails on labelfree: it has no CommonJS form and awaits at its
# top level. This is the import() of Node itself; "as any" since tslab's own @types/node has no vm.constants.
LOAD = """import * as vm from "node:vm"
const importModule = vm.runInThisContext("name => import(name)", {
  importModuleDynamically: (vm as any).constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
const labelfree = await importModule("labelfree")"""


def install_tslab():
    node = KernelSpecManager().get_kernel_spec("labelfree").argv[0]
    folder = os.path.join(os.environ["JUPYTER_DATA_DIR"], "kernels", "tslab")
    os.makedirs(folder)
    argv = [node, TSLAB, "kernel", "--config-path", "{connection_file}"]
    with open(os.path.join(folder, "kernel.json"), "w") as file:
        json.dump({"argv": argv, "display_name": "tslab", "language": "typescript"}, file)


class BothKernels(peer.unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install_tslab()
        cls.peers = []
        for name in ["tslab", "labelfree"]:
            peer.NAME = name
            cls.peers.append(peer.Peer(cwd=ROOT))
            cls.addClassCleanup(cls.peers[-1].close)

    def printed(self, code):
        """What the cell prints, the same under both."""
        cells = [kernel.run(code) for kernel in self.peers]
        for cell in cells:
            self.assertEqual(cell.content["status"], "ok", [cell.content, *cell.of("stream")])
        tslab, ours = [cell.text() for cell in cells]
        self.assertEqual(tslab, ours)
        return ours

    def test_cells_print_the_same_under_tslab(self):
        self.printed(LOAD)
        self.assertEqual(
            self.printed(
                "const interval: { p: number; low: number; high: number } = labelfree.wilson(3, 10)\n"
                "console.log(interval.p, interval.low.toFixed(4), interval.high.toFixed(4))"
            ),
            "0.3 0.1078 0.6032\n",
        )
        self.assertRegex(
            self.printed(
                "const random = labelfree.Random.fromSeed('tour')\n"
                "for (const level of [1, 5]) console.log(labelfree.generateProblem(level, random).prompt)"
            ),
            r"^.+\n.+\n$",
        )
        self.assertEqual(
            self.printed(
                "const device = await labelfree.createWasmDevice({ threads: 1 })\n"
                "await device.close()\n"
                "console.log('closed')"
            ),
            "closed\n",
        )
        self.assertEqual(self.printed("console.log(interval.p + 1)"), "1.3\n")

    def test_the_tour_prints_the_same_under_tslab_but_for_its_training(self):
        with open(os.path.join(ROOT, "notebooks", "00-tour.ipynb")) as file:
            cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
        for cell in cells:
            if cell["id"] in ["train", "figure"]:  # needs many seconds, and what it trains
                continue
            printed = self.printed("".join(cell["source"]))
            kept = "".join("".join(o["text"]) for o in cell["outputs"] if o["output_type"] == "stream")
            self.assertEqual(printed, peer.plain(kept), cell["id"])

    def test_a_plain_import_of_labelfree_fails_under_tslab(self):
        code = 'import * as plain from "labelfree"\nconsole.log(plain.wilson(3, 10).p)'
        tslab, ours = [kernel.run(code) for kernel in self.peers]
        self.assertEqual(ours.text(), "0.3\n")
        self.assertEqual(tslab.content["status"], "error")
        self.assertIn("Cannot find module 'labelfree'", tslab.text("stderr"))


if __name__ == "__main__":
    peer.main()
