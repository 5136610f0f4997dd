export type { DisplayBundle } from "./bundle.ts";
export { vegaLite } from "./chart.ts";
export type { DisplayHandle, DisplayOptions } from "./display.ts";
export { clearOutput, display, setDisplaySink, settleDisplays, updateDisplay } from "./display.ts";
export type { Displayable } from "./displayable.ts";
export { displayable, html, JUPYTER_DISPLAY, json, latex, markdown, png, svg } from "./displayable.ts";
export type { Progress, ProgressOptions } from "./progress.ts";
export { progress } from "./progress.ts";
export { toMimeBundle } from "./to-mime-bundle.ts";
