// The vote banks of a scale as one file: a line of text per problem, its answers one after the other, "--" for none.
import { z } from "zod";
import type { Json } from "../../core/canonical-json.ts";
import { LabelfreeError } from "../../core/errors.ts";
import type { FindingExtra } from "../finding-extra.ts";
import type { Scale } from "../scale.ts";
import { paperScaleMissing } from "../scale.ts";
import type { BankRequest, VoteBank } from "./vote-bank.ts";
import { bankKey, sampleBank } from "./vote-bank.ts";

/** As many answers as the largest vote takes. */
const SAMPLES = 64;

const SCALES: Readonly<Record<Exclude<Scale, "paper">, Pick<BankRequest, "problems"> & Bases>> = {
  smoke: { tiers: ["xs", "l"], baseSeeds: [1], problems: 20 },
  micro: { tiers: ["xs", "s", "m", "l"], baseSeeds: [1, 2, 3], problems: 150 },
};

interface Bases {
  readonly tiers: readonly string[];
  readonly baseSeeds: readonly number[];
}

export const voteBanks: FindingExtra<readonly VoteBank[]> = {
  file: "vote-banks.json",
  parse: parseBanks,
  toJson: (banks) => banks.map(toStored) as Json,
  keys: (banks) => banks.map(({ key }) => key),
  isCurrent: (banks, scale) => {
    const requests = bankRequests(scale);
    return banks.length === requests.length && requests.every((request, at) => banks[at].key === bankKey(request));
  },
  make: async (scale, onNotice) => {
    const banks: VoteBank[] = [];
    const requests = bankRequests(scale);
    for (const [index, request] of requests.entries()) {
      banks.push(await sampleBank(request));
      onNotice?.(`vote bank ${index + 1} of ${requests.length} sampled`);
    }
    return banks;
  },
};

/**
 * What the banks of a scale hold, weakest tier first.
 * @throws LabelfreeError `scale/not-available` at paper scale.
 */
export function bankRequests(scale: Scale): BankRequest[] {
  if (scale === "paper") throw paperScaleMissing(["MATH-500"]);
  const { tiers, baseSeeds, problems } = SCALES[scale];
  return tiers.flatMap((tier) =>
    baseSeeds.map((baseSeed) => ({ tier, baseSeed, problems, samples: SAMPLES, seed: 1 })),
  );
}

const WIDTH = 2;
const NONE = "-".repeat(WIDTH);
const HEAD_LENGTH = "1 00 ".length;

const storedBank = z.strictObject({
  tier: z.string(),
  baseSeed: z.int().min(0),
  problems: z.int().min(1),
  samples: z.int().min(1),
  seed: z.int().min(0),
  key: z.string(),
  /** "3 42 4207--42...": level, right answer, and all answers in the order sampled. */
  entries: z.array(z.string().regex(/^[1-5] \S{2} \S+$/)),
});

const storedBanks = z
  .array(storedBank)
  .refine(
    (banks) =>
      banks.every(
        ({ entries, problems, samples }) =>
          entries.length === problems && entries.every((line) => line.length === HEAD_LENGTH + samples * WIDTH),
      ),
    { message: "a bank needs all its problems with all their answers" },
  );

function toStored({ entries, ...about }: VoteBank): z.infer<typeof storedBank> {
  const line = ({ level, answer, answers }: VoteBank["entries"][number]): string =>
    `${level} ${answer} ${answers.map((given) => given ?? NONE).join("")}`;
  return { ...about, entries: entries.map(line) };
}

function parseBanks(value: unknown): readonly VoteBank[] {
  const parsed = storedBanks.safeParse(value);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    const text = `vote-banks.json: ${path.join(".")}: ${message}; labelfree reproduce votes --save-records writes it anew`;
    throw new LabelfreeError("records/damaged", text);
  }
  return parsed.data.map(({ entries, ...about }) => ({
    ...about,
    entries: entries.map((line) => {
      const [level, answer, answers] = line.split(" ");
      return { level: Number(level), answer, answers: splitAnswers(answers) };
    }),
  }));
}

function splitAnswers(text: string): (string | null)[] {
  return Array.from({ length: text.length / WIDTH }, (_, at) => {
    const given = text.slice(at * WIDTH, (at + 1) * WIDTH);
    return given === NONE ? null : given;
  });
}
