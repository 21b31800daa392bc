/** `npm run bench [name …] [-- --json] [-- --runs N] [-- --findings N] [-- --agents N] [-- --full] [-- --share N] [-- --postgres]`: runs the benches named, or all. */
import { parseArgs } from 'node:util';
import { agents } from './agents.ts';
import { assessmentReport } from './assessment-report.ts';
import { cisJoin, cisScan } from './cis.ts';
import { consoleViews } from './console-views.ts';
import { events } from './events.ts';
import { feedGaps } from './feed-gaps.ts';
import { feeds } from './feeds.ts';
import { findingFilters } from './finding-filters.ts';
import { storeFindings } from './findings.ts';
import { judgeFleet } from './judge-fleet.ts';
import { largeFeed } from './large-feed.ts';
import { listAssessmentRuns } from './list-assessment-runs.ts';
import { listFilters } from './list-filters.ts';
import { matchHost } from './match-host.ts';
import { reachability } from './reachability.ts';
import { formatTable, type Report, toJson } from './report.ts';
import { startUp } from './start-up.ts';
import { verifySignatureBench } from './verify-signature.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    runs: { type: 'string' },
    findings: { type: 'string' },
    agents: { type: 'string' },
    full: { type: 'boolean' },
    share: { type: 'string' },
    postgres: { type: 'boolean' },
  },
});

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
const runs = numberOf(values.runs);
const findings = numberOf(values.findings);

const benches: Readonly<Record<string, () => Promise<Report>>> = {
  agents: () => agents({ agents: numberOf(values.agents), postgres: values.postgres }),
  'assessment-report': assessmentReport,
  console: () => consoleViews({ runs, findings }),
  'cis-join': cisJoin,
  'cis-scan': cisScan,
  events,
  'feed-gaps': () => feedGaps({ hosts: numberOf(values.agents), postgres: values.postgres }),
  feeds,
  'finding-filters': () => findingFilters({ findings, postgres: values.postgres }),
  'judge-fleet': () => judgeFleet({ full: values.full }),
  'large-feed': () => largeFeed({ share: numberOf(values.share) }),
  'list-assessment-runs': () => listAssessmentRuns({ runs, postgres: values.postgres }),
  'list-filters': () => listFilters({ runs, postgres: values.postgres }),
  'match-host': matchHost,
  reachability: async () => reachability(),
  'start-up': () => startUp({ runs }),
  'store-findings': () => storeFindings({ findings }),
  'verify-signature': verifySignatureBench,
};

const names = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of names) {
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!bench) {
    console.error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    break;
  }
  const report = await bench();
  console.log(values.json ? JSON.stringify(toJson(report)) : formatTable(report));
}
