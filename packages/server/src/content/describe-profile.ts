import type { BenchmarkProfile } from '../domain/benchmarks.ts';

type Aligned = Pick<BenchmarkProfile, 'benchmark' | 'version' | 'released' | 'level' | 'role'>;

const ALIGNED =
  /Center for Internet Security®? (.{1,100}?) Benchmark™?,? v(\d+(?:\.\d+)*)(?:,? released (\d[\d-]{8}\d))?/;
const LEVEL = /Level ([12])\b/i;
const WORKSTATION = /workstation/i;

/** What a profile says it is aligned with; undefined for one that names no benchmark of the Center for Internet Security. */
export function describeProfile(profile: {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
}): Aligned | undefined {
  const description = profile.description.replaceAll(/\s+/g, ' ');
  const [, system, version, released] = ALIGNED.exec(description) ?? [];
  const [, level] = LEVEL.exec(description) ?? LEVEL.exec(profile.title) ?? [];
  if (system === undefined || level === undefined) return undefined;
  const about = `${profile.title} ${/"Level [^"]*"/.exec(description)?.[0] ?? ''}`;
  const date = released === undefined ? undefined : isoDate(released);
  return {
    benchmark: `CIS ${system} Benchmark`,
    version: version ?? profile.version,
    ...(date === undefined ? {} : { released: date }),
    level: level === '1' ? 1 : 2,
    role: WORKSTATION.test(about) ? 'workstation' : 'server',
  };
}

/** `2024-09-26`, also of `09-26-2024`. */
function isoDate(text: string): string | undefined {
  const [, month, day, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? text : `${year}-${month}-${day}`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}
