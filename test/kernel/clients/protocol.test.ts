import { describePython } from "./python.ts";

describePython("each message of the protocol", "protocol.py", ["jupyter_client", "zmq"]);
