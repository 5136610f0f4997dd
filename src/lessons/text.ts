/** Languages that the lessons are written in. */
export type Language = "en" | "ko";

/** The same words in each language, as Markdown. */
export type Text = Readonly<Record<Language, string>>;

export const LANGUAGES: readonly Language[] = ["en", "ko"];
