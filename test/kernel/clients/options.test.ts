import { describePython } from "./python.ts";

const startOptions = ["--memory-limit", "128", "--output-limit", "1", "--types", "block", "--no-history"];

describePython("a kernel with limits", "options.py", ["jupyter_client"], { startOptions });
