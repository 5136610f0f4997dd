import { describePython } from "./python.ts";

describePython("tslab beside this kernel", "tslab.py", ["jupyter_client"]);
