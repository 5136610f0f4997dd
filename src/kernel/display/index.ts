export { vegaLite } from "./chart.ts";
export { clearOutput, display, setDisplaySink, settleDisplays, updateDisplay } from "./display.ts";
export { html, JUPYTER_DISPLAY, json, latex, markdown, png, svg } from "./displayable.ts";
export { NOTEBOOK_GLOBALS } from "./notebook-globals.ts";
export { progress } from "./progress.ts";
export { toMimeBundle } from "./to-mime-bundle.ts";
