import type { Cell, Completions, Diagnostic, Inspection } from "./language-types.ts";

export type LanguageRequest =
  | { readonly kind: "cell"; readonly cell: Cell }
  | { readonly kind: "diagnostics"; readonly id: number; readonly code: string }
  | { readonly kind: "complete"; readonly id: number; readonly code: string; readonly cursorPos: number }
  | {
      readonly kind: "inspect";
      readonly id: number;
      readonly code: string;
      readonly cursorPos: number;
      readonly detailLevel: 0 | 1;
    };

export type LanguageAnswer = readonly Diagnostic[] | Completions | Inspection;

export type LanguageReply =
  | { readonly id: number; readonly answer: LanguageAnswer }
  | { readonly id: number; readonly error: string };
