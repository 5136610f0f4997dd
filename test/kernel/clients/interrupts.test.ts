import { describePython } from "./python.ts";

describePython("interrupts", "interrupts.py", ["jupyter_client"]);
