import { createRequire } from "node:module";
import { type JsonObject, PROTOCOL_VERSION } from "../wire/message.ts";

export interface KernelFacts {
  readonly version: string; // of labelfree
  readonly hasDebugger: boolean;
}

/** The content of a kernel_info_reply. */
export function kernelInfo({ version, hasDebugger }: KernelFacts): JsonObject {
  const typescript = typescriptVersion();
  return {
    status: "ok",
    protocol_version: PROTOCOL_VERSION,
    implementation: "labelfree",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
      nbconvert_exporter: "script",
    },
    banner: `labelfree ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
    help_links: [
      { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
      { text: "Node.js", url: "https://nodejs.org/docs/latest-v20.x/api/" },
    ],
    debugger: hasDebugger,
    supported_features: ["kernel subshells", ...(hasDebugger ? ["debugger"] : [])],
  };
}

function typescriptVersion(): string {
  const { version }: { readonly version: string } = createRequire(import.meta.url)("typescript-6/package.json");
  return version;
}
