import { describePython } from "./python.ts";

describePython("the debugger of a kernel", "debugger.py", ["jupyter_client"]);
