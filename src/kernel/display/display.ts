// display() hands a value's bundle to the sink, at once and in the order of the calls. What takes time to draw is shown
// as text first and put in place by an update, so that it stays where it was called.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { MimeBundle, OutputEvent } from "../evaluation/types.ts";
import type { DisplayBundle } from "./bundle.ts";
import type { Displayable } from "./displayable.ts";
import { JUPYTER_DISPLAY } from "./displayable.ts";
import { toMimeBundle } from "./to-mime-bundle.ts";

export interface DisplayOptions {
  /** Name of the display, under which it can be replaced later. */
  readonly displayId?: string;
  /** Replace what is shown under displayId instead of showing anew. */
  readonly update?: boolean;
  readonly metadata?: MimeBundle;
}

/** What display() gives back; as the last value of a cell it shows nothing. */
export interface DisplayHandle extends Displayable {
  readonly displayId: string;
  /** Replaces what is shown, wherever it is shown. */
  update(value: unknown): void;
}

type Sink = (event: OutputEvent) => void;

let emit: Sink = printToConsole;
const unsettled = new Set<Promise<void>>();
/** The drawing that each display waits for. */
const awaited = new Map<string, DisplayBundle>();
const processName = randomUUID().slice(0, 8);
let displayCount = 0;

/** Sets where displays go; without one they are printed as text. */
export function setDisplaySink(sink: Sink | undefined): void {
  emit = sink ?? printToConsole;
}

/** Shows a value in the output of the cell that runs. */
export function display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
  const displayId = options.displayId ?? newDisplayId();
  show(toMimeBundle(value), { displayId, update: options.update ?? false, metadata: options.metadata ?? {} });
  return new Handle(displayId);
}

/** Replaces what is shown under a display id. */
export function updateDisplay(value: unknown, displayId: string): void {
  display(value, { displayId, update: true });
}

/** Empties the cell's output, at once or, with `wait`, when the next output comes. */
export function clearOutput(wait = false): void {
  emit({ type: "clear", wait });
}

/** Resolves when every display that takes time has been drawn, or after a while: one may wait for what never comes. */
export async function settleDisplays(longestMs = 10_000): Promise<void> {
  const timeout = new AbortController();
  const late = sleep(longestMs, "late", { ref: false, signal: timeout.signal }).catch(() => "late");
  while (unsettled.size > 0) if ((await Promise.race([Promise.all(unsettled), late])) === "late") return;
  timeout.abort();
}

/** An id that no other display has. */
export function newDisplayId(): string {
  displayCount++;
  return `labelfree-${processName}-${displayCount}`;
}

/** Hands an event to the sink. */
export function emitOutput(event: OutputEvent): void {
  emit(event);
}

class Handle implements DisplayHandle {
  readonly displayId: string;

  constructor(displayId: string) {
    this.displayId = displayId;
  }

  update(value: unknown): void {
    updateDisplay(value, this.displayId);
  }

  [JUPYTER_DISPLAY](): MimeBundle {
    return {};
  }
}

interface Place {
  readonly displayId: string;
  readonly update: boolean;
  readonly metadata: MimeBundle;
}

function show(bundle: DisplayBundle, place: Place): void {
  emitBundle(bundle, place);
  awaited.delete(place.displayId);
  if (bundle.pending === undefined) return;
  awaited.set(place.displayId, bundle);
  // the sink of this moment: it knows the cell that asked
  const sink = emit;
  const settled = bundle.pending.then((final) => {
    unsettled.delete(settled);
    if (awaited.get(place.displayId) !== bundle) return; // replaced meanwhile
    awaited.delete(place.displayId);
    emitBundle(final, { ...place, update: true }, sink);
  });
  unsettled.add(settled);
}

function emitBundle(bundle: DisplayBundle, place: Place, sink = emit): void {
  if (Object.keys(bundle.data).length === 0) return;
  const metadata = { ...bundle.metadata, ...place.metadata };
  sink({ type: "display", data: bundle.data, metadata, displayId: place.displayId, update: place.update });
}

function printToConsole(event: OutputEvent): void {
  if (event.type === "display" && event.update !== true) console.log(event.data["text/plain"]);
}
