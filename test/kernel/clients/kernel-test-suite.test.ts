import { describePython } from "./python.ts";

// not among them: pager, see the script
const CASES = [
  "kernel info",
  "execute stdout",
  "execute stderr",
  "completion",
  "is complete",
  "error",
  "execute result",
  "display data",
  "history",
  "inspect",
  "clear output",
];

describePython("jupyter_kernel_test", "kernel_test_suite.py", ["jupyter_kernel_test"], { names: CASES });
