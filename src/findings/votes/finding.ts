import { tiersOf } from "../figure-parts.ts";
import type { Finding } from "../finding.ts";
import { toMissingRun, toRunRecord } from "../run-record.ts";
import type { VotesAnalysis } from "./analysis.ts";
import { analyseVotes } from "./analysis.ts";
import { votesFigures } from "./figures.ts";
import { votesSweep } from "./sweep.ts";
import { judgeVotes } from "./verdicts.ts";
import type { VoteBank } from "./vote-bank.ts";
import { voteBanks } from "./vote-banks.ts";
import { votesTable } from "./votes-table.ts";

export const votes: Finding<VotesAnalysis> = {
  name: "votes",
  title: "how many rollouts per problem a vote needs (beyond the paper, claims 27 and 28)",
  sweep: votesSweep,
  extra: voteBanks,
  analyse: ({ runs, extra = null }) => analyseVotes(runs.map(toRunRecord), extra as readonly VoteBank[] | null),
  figures: (analysis, { scale }) => votesFigures(analysis, scale),
  verdicts: (analysis, { scale, failures }) => judgeVotes({ scale, analysis, missing: failures.map(toMissingRun) }),
  numbers: (analysis, { scale }, width) => votesTable(analysis, tiersOf(analysis), scale, width),
};
