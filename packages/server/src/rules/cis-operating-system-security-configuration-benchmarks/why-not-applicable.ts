import type { BenchmarkRule } from '../../domain/benchmarks.ts';

/** What a platform of ComplianceAsCode asks of a host. */
const platforms: Readonly<Record<string, string>> = {
  system_with_kernel: 'a system with a kernel of its own (a package of it is installed)',
  machine: 'a machine that is no container',
  not_container: 'a machine that is no container',
  ipv6_enabled: 'a system with IPv6',
};

/** Why oscap found that a rule is not for a host, by the platforms that the rule names. */
export function whyNotApplicable({ platforms: named = [] }: BenchmarkRule, container: string | undefined): string {
  const inside = container === undefined ? '' : ` (this host is a container: ${container})`;
  if (named.length === 0) return `oscap says "notapplicable": what the rule is about is not on this host${inside}`;
  return `oscap says "notapplicable": the rule is for ${named.map(wordsOf).join(' or ')}${inside}`;
}

function wordsOf(platform: string): string {
  const known = platforms[platform];
  if (known !== undefined) return known;
  const [, name] = /^package_(.+?)(?:_and_.*)?$/.exec(platform) ?? [];
  return name !== undefined && !platform.includes('_and_')
    ? `a system with the package ${name}`
    : `the platform ${platform.replaceAll('_', ' ')}`;
}
