import { describePython } from "./python.ts";

describePython("the life of a kernel", "lifecycle.py", ["jupyter_client"]);
