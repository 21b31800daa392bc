import type { FeedOutcome } from '../imported-record.ts';
import { parseOsv } from '../osv/parse-osv.ts';
import { inRepository } from './in-repository.ts';

/** One update of an updateinfo.xml, its texts as they are. */
export interface RpmUpdate {
  id: string;
  title: string;
  description: string;
  severity: string;
  issued: string;
  updated: string;
  link: string;
  readonly cves: string[];
  readonly packages: {
    readonly name: string;
    readonly version: string;
    readonly release: string;
    readonly epoch?: string;
    readonly arch?: string;
  }[];
}

/**
 * An update of Amazon Linux or Oracle Linux as an OSV record of `Amazon Linux:2` and its like, by binary package. `topic`:
 * that of the extras of Amazon Linux whose repository it is from; else its id tells.
 */
export function updateToOsv(update: RpmUpdate, topic?: string): FeedOutcome {
  const affected = new Map<string, object>();
  const isOfOracle = /^EL[SBE]A-/.test(update.id);
  for (const { name, version, release, epoch = '0' } of update.packages) {
    const ecosystem = isOfOracle ? releaseOfOracle(release) : ecosystemOf(release);
    if (ecosystem === undefined) {
      return {
        refusal: 'unreadable',
        what: update.id.slice(0, 100),
        reason: `a package is of no release of ${isOfOracle ? 'Oracle' : 'Amazon'} Linux`,
      };
    }
    const evr = `${/^\d+$/.test(epoch) ? epoch : '0'}:${version}-${release}`;
    const introduced = isOfOracle ? '0' : lineOf(update.id, version, epoch);
    // Every architecture has its own package of the same version.
    affected.set(JSON.stringify([ecosystem, name, evr]), {
      package: { ecosystem, name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed: evr }] }],
    });
  }
  const osv = {
    id: update.id,
    summary: update.title,
    details: update.description,
    aliases: update.cves,
    published: update.issued || undefined,
    modified: update.updated || update.issued,
    severity: update.severity && !isOfOracle ? [{ type: 'ALAS', score: update.severity.toLowerCase() }] : [],
    references: update.link ? [{ type: 'ADVISORY', url: update.link }] : [],
    affected: [...affected.values()],
  };
  const outcome = parseOsv(osv, update.id.slice(0, 100));
  if (isOfOracle) return outcome;
  return inRepository(outcome, topic?.toLowerCase() ?? repositoryOf(update.id));
}

/** `core` of `ALAS2-2024-1`, `docker` of `ALAS2DOCKER-2024-1` and of `ALASDOCKER-2024-1`. */
const repositoryOf = (id: string): string =>
  (/^ALAS(?:2023|2022|2)?([A-Za-z][\w.+-]*?)-\d{4}-\d+$/.exec(id)?.[1] ?? 'core').toLowerCase();

/** The release is in every package's own: `65.117.amzn2`, `1.amzn2023.0.2`. */
function ecosystemOf(release: string): string | undefined {
  const [, number] = /\.amzn(1|2|2022|2023)(?:\.|$)/.exec(release) ?? [];
  return number === undefined ? undefined : `Amazon Linux:${number}`;
}

/** Likewise: `38.0.1.el9_4.1`, `1.module+el8.9.0+90132+1`, `150.el8uek`. */
function releaseOfOracle(release: string): string | undefined {
  const [, number] = /[.+]el(\d+)/.exec(release) ?? [];
  return number === undefined ? undefined : `Oracle Linux:${number}`;
}

/**
 * The extras of Amazon Linux 2 give several versions of one package side by side, each with its own advisories:
 * `ALASKERNEL-5.4-2022-001` is about kernels from 5.4 on, not about the older ones of the core repository.
 */
function lineOf(id: string, version: string, epoch: string): string {
  const [, line] = /^ALAS2?[A-Z-]+?-?(\d+(?:\.\d+)*)-\d{4}-\d+$/.exec(id) ?? [];
  const inLine = line !== undefined && (version === line || version.startsWith(`${line}.`));
  return inLine ? (epoch === '0' ? line : `${epoch}:${line}`) : '0';
}
