// The rooms of src/ and what each may import, itself and what those may import included. `npm run check:imports`
// follows type imports too: an arrow is an arrow. swc reads the sources, as TypeScript 7 has no API to read them with.
// (It does not see `import("./x.ts").Type`; oxlint forbids that form in src/.)
require("@swc/core"); // without it dependency-cruiser reads no .ts file at all, and finds nothing wrong

const ROOMS = {
  core: [],
  stats: ["core"],
  device: ["core"],
  model: ["device"],
  tasks: ["core", "stats"],
  rl: ["model", "tasks"],
  runs: ["rl"],
  figures: ["core"],
  records: ["runs"],
  findings: ["records", "stats", "figures"],
  kernel: ["core"],
  workbook: ["kernel"],
  lessons: ["findings", "workbook"],
  review: ["findings", "workbook"],
  cli: [
    "core",
    "stats",
    "device",
    "model",
    "tasks",
    "rl",
    "runs",
    "figures",
    "records",
    "findings",
    "kernel",
    "workbook",
    "lessons",
    "review",
  ],
};

const reach = (room) => [room, ...ROOMS[room].flatMap(reach)];

const arrows = Object.keys(ROOMS).map((room) => ({
  name: `arrows-of-${room}`,
  comment: `src/${room} may import ${[...new Set(reach(room).slice(1))].join(", ") || "no other room"}`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: { path: "^src/", pathNot: `^src/(${reach(room).join("|")})/` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: "no-unknown-room",
      comment: "a folder of src/ that the table above does not list",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: `^src/(${Object.keys(ROOMS).join("|")})/` },
      to: {},
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-dev-dependencies",
      comment: "what ships must not need what is only installed for development",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], pathNot: "node_modules/@types/" },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-orphans",
      comment: "nothing imports it and it imports nothing; scripts of exported pages run in a browser",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.d\\.ts$", "^src/workbook/export/client/"] },
      to: {},
    },
    { name: "no-tests-in-source", severity: "error", from: { path: "^src/" }, to: { path: "^test/" } },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/device/wasm/kernels/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
