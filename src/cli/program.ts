// The command line. Results go to stdout (with --json nothing else does), everything for the eye to stderr.
// Exit codes: 0 done, 1 failed, 2 wrong usage or spec, 130 interrupted.

import { styleText } from "node:util";
import { Command, CommanderError } from "commander";
import { formatError, isLabelfreeError } from "../core/errors.ts";
import { isInterruption } from "../runs/interruption.ts";
import { packageFacts } from "../runs/package-root.ts";

const WRONG_USAGE =
  /^(spec\/|cli\/(ids|no-model)$|notebook\/(no-parameters|unknown-parameter|parameter-type|no-kernel|out)$)/;

const program = new Command("labelfree")
  .description("Reproducible label-free reinforcement learning on small models")
  .version(packageFacts().version)
  .configureHelp({ styleTitle: (title) => styleText("bold", title) })
  .configureOutput({ outputError: (text, write) => write(inRed(text)) })
  .showHelpAfterError("(labelfree COMMAND --help explains)")
  .exitOverride();

// a notebook waits while its kernel starts: that one command is loaded without the others
const commands = await (process.argv[2] === "kernel" ? import("./kernel.ts") : import("./commands.ts"));
for (const command of Object.values(commands)) program.addCommand(withSettings(command, program));

process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(0); // the reader, e.g. head, has seen enough
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function withSettings(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const below of command.commands) withSettings(below, command);
  return command;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // its message is printed already
  if (isInterruption(error)) {
    process.stderr.write(`${formatError(error)}\n`);
    return 130;
  }
  const isOurs = isLabelfreeError(error);
  const text = isOurs || !(error instanceof Error) ? formatError(error) : (error.stack ?? error.message);
  process.stderr.write(inRed(`${text}\n`));
  return isOurs && WRONG_USAGE.test(error.code) ? 2 : 1;
}

function inRed(text: string): string {
  return process.stderr.hasColors?.() ? styleText("red", text) : text;
}
