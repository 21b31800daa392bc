import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import type { Observation } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { hostKernel, kernelParameters } from './kernel-parameters.ts';
import { quote } from './quote.ts';
import { missing, notAssessed } from './unknown.ts';

const lead = 'Whether data can be run as code is not known';

/**
 * Finding on x86 when a processor lacks `nx`, when the kernel was told not to use it, or when the agent's own stack is
 * executable all the same. ARM always has it.
 */
export const enableDep: BestPractice = {
  id: 'Enable DEP',
  title: 'Enable data execution prevention (DEP)',
  severity: 'Medium',
  judge: (evidence): Judgement => {
    const kernel = evidence.kernel?.data;
    if (!kernel) return notAssessed(lead, [missing('the kernel and processors', evidence.kernel)]);
    const { architecture } = kernel;
    if (/^(?:aarch64|arm)/i.test(architecture)) {
      const reason = `This rule is for x86 processors; ${quote(architecture)} always has this protection.`;
      return { outcome: 'NOT_APPLICABLE', reason, observations: [] };
    }
    if (!/^(?:x86_64|amd64|x64|x86|i[3-6]86)$/i.test(architecture)) {
      const text = `how ${quote(architecture)} prevents execution of data is not judged`;
      return notAssessed(lead, [{ text, cause: 'NOT_JUDGED' }]);
    }
    const note = hostKernel(evidence.osRelease?.data?.container);
    const observations = observe(kernel, note);
    const faults = faultsOf(kernel);
    if (faults.length > 0) {
      return {
        outcome: 'FINDING',
        title: 'Data execution prevention (DEP) is not on',
        description:
          `The processor's protection against running data as code is not in use: ${faults.join('; ')}. Without it, an attacker who ` +
          `can write into a program's memory can run what was written.${note}`,
        recommendation:
          'Remove noexec=off and noexec32=off from the boot loader configuration, enable NX (or XD, "Execute Disable") in the ' +
          `firmware or in the virtual machine's processor model, use a 64-bit or PAE kernel, and restart.${note}`,
        observations,
      };
    }
    const { cpuFlags = [], commandLine, stackPermissions } = kernel;
    if (cpuFlags.length === 0) {
      return notAssessed(lead, [missing('the processor flags in /proc/cpuinfo', evidence.kernel)], observations);
    }
    if (commandLine === undefined && stackPermissions === undefined) {
      return notAssessed(lead, [missing('/proc/cmdline, or the protection of a stack', evidence.kernel)], observations);
    }
    return { outcome: 'PASSED', observations };
  },
};

const hasNx = (flags: string): boolean => flags.split(/\s+/).includes('nx');

const switches = (commandLine: string | undefined): string[] =>
  kernelParameters(commandLine ?? '').filter((word) => word === 'noexec=off' || word === 'noexec32=off');

const faultsOf = ({ cpuFlags = [], commandLine, stackPermissions }: EvidenceData<'kernel'>): string[] => [
  ...(cpuFlags.every(hasNx) ? [] : ['/proc/cpuinfo shows a processor without the flag nx']),
  ...switches(commandLine).map((word) => `the kernel was started with ${word} (/proc/cmdline)`),
  ...(stackPermissions?.includes('x') ? [`the agent's own stack is executable (${quote(stackPermissions)})`] : []),
];

function observe(
  { cpuFlags = [], commandLine, stackPermissions }: EvidenceData<'kernel'>,
  note: string,
): Observation[] {
  const observations: Observation[] = [];
  for (const flags of cpuFlags) {
    const observed = `${hasNx(flags) ? 'nx' : `no nx in: ${quote(flags, 1000)}`}${note && `.${note}`}`;
    observations.push({ source: '/proc/cpuinfo', observed, expected: 'nx' });
  }
  if (commandLine !== undefined) {
    // Nothing else of it: people put secrets there.
    const observed = switches(commandLine).join(' ') || 'neither noexec=off nor noexec32=off';
    observations.push({ source: '/proc/cmdline', observed, expected: 'neither noexec=off nor noexec32=off' });
  }
  if (stackPermissions !== undefined) {
    observations.push({ source: '/proc/self/maps [stack]', observed: quote(stackPermissions), expected: 'rw-p' });
  }
  return observations;
}
