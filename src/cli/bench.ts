import { Command } from "commander";
import { benchKernelCommand } from "./bench-kernel.ts";
import { benchStepCommand } from "./bench-step.ts";

export const benchCommand = new Command("bench")
  .description("measure speed")
  .addCommand(benchStepCommand)
  .addCommand(benchKernelCommand);
