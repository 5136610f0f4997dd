// Where the child begins: says how it is to start before the rest is loaded.

import { beginOptimizerDelay } from "../../optimizer-delay.ts";

beginOptimizerDelay();
await import("./main.ts");
