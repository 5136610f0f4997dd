import { describePython } from "./python.ts";

describePython("bad input", "bad_input.py", ["jupyter_client", "zmq"]);
