import { Command } from "commander";
import { benchStepCommand } from "./bench-step.ts";

export const benchCommand = new Command("bench").description("measure speed").addCommand(benchStepCommand);
