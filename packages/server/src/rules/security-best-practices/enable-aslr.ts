import type { Observation } from '../../domain/rules-package.ts';
import type { BestPractice, Judgement } from './best-practice.ts';
import { hostKernel, kernelParameters } from './kernel-parameters.ts';
import { quote } from './quote.ts';
import { missing, notAssessed } from './unknown.ts';

const setting = '/proc/sys/kernel/randomize_va_space';

/** Finding unless randomize_va_space is 2 (1 leaves the heap where it is) and the kernel was not started with norandmaps. */
export const enableAslr: BestPractice = {
  id: 'Enable ASLR',
  title: 'Enable address space layout randomization (ASLR)',
  severity: 'Medium',
  judge: (evidence): Judgement => {
    const kernel = evidence.kernel?.data;
    const note = hostKernel(evidence.osRelease?.data?.container);
    const { randomizeVaSpace, commandLine } = kernel ?? {};
    const disabled = commandLine !== undefined && kernelParameters(commandLine).includes('norandmaps');
    const observations: Observation[] = [];
    if (randomizeVaSpace !== undefined) {
      observations.push({ source: setting, observed: `${randomizeVaSpace}${note && `.${note}`}`, expected: '2' });
    }
    if (commandLine !== undefined) {
      // Nothing else of it: people put secrets there.
      const observed = disabled ? 'norandmaps' : 'no norandmaps';
      observations.push({ source: '/proc/cmdline', observed, expected: 'no norandmaps' });
    }
    const { configuredAslr = [] } = kernel ?? {};
    for (const { source, value } of configuredAslr.filter((each) => each.value !== '2')) {
      observations.push({
        source: quote(source),
        observed: `kernel.randomize_va_space = ${quote(value)}, which may hold after the next start`,
        expected: '2',
      });
    }
    if (disabled || (randomizeVaSpace !== undefined && randomizeVaSpace !== 2)) {
      const seen = [
        ...(randomizeVaSpace !== undefined && randomizeVaSpace !== 2 ? [`${setting} is ${randomizeVaSpace}`] : []),
        ...(disabled ? ['the kernel was started with norandmaps (/proc/cmdline)'] : []),
      ].join(', and ');
      return {
        outcome: 'FINDING',
        title: 'Address space layout randomization (ASLR) is not fully on',
        description:
          `Programs are not loaded at fully random addresses: ${seen}. The value 0 randomizes nothing, and 1 leaves out the heap. An ` +
          `attacker who knows where code and data are can exploit a memory error to run code.${note}`,
        recommendation:
          'Write "kernel.randomize_va_space = 2" into /etc/sysctl.d/60-aslr.conf, remove other values from /etc/sysctl.conf ' +
          `and /etc/sysctl.d, and run "sysctl --system".${disabled ? ' Remove norandmaps from the boot loader configuration and restart.' : ''}${note}`,
        observations,
      };
    }
    if (randomizeVaSpace === undefined) {
      return notAssessed('The address space layout is not known', [missing(setting, evidence.kernel)], observations);
    }
    return { outcome: 'PASSED', observations };
  },
};
