import type { BenchmarkRule } from '../../domain/benchmarks.ts';
import type { Judged } from './subject.ts';

/** Platforms of ComplianceAsCode that a container, or a system without a kernel of its own, is not. */
const MACHINES = ['system_with_kernel', 'machine', 'not_container'];

/**
 * What to say of a host that much of the benchmark is not for because it is a container or has no kernel of its own: it has few
 * findings, and not because it is configured well. Undefined for any other host.
 */
export function rulesForMachines(rules: readonly BenchmarkRule[], { said, container }: Judged): string | undefined {
  const asked = rules.filter(({ platforms = [] }) => platforms.some((each) => MACHINES.includes(each)));
  const without = asked.filter(({ id }) => {
    const result = said(id);
    return typeof result === 'object' && result.result === 'notapplicable';
  });
  if (without.length === 0) return undefined;
  const amount = `${without.length} of the ${rules.length} rules are for machines with a kernel of their own and were not evaluated`;
  if (container !== undefined) return `${amount}: the host is a container (${container})`;
  const kernel = asked.filter(({ platforms = [] }) => platforms.includes('system_with_kernel'));
  return kernel.length > 0 && kernel.every((rule) => without.includes(rule))
    ? `${amount}: no package of a kernel is installed on the host`
    : undefined;
}
