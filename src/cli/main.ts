#!/usr/bin/env node
// A notebook waits while its kernel starts, and keeps what that leaves in memory.

import { beginOptimizerDelay } from "../kernel/optimizer-delay.ts";

if (process.argv[2] === "kernel") beginOptimizerDelay();
await import("./program.ts");
