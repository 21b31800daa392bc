import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fitList, readText } from '../../collection.ts';
import { globFiles } from '../../glob-files.ts';

type Configured = NonNullable<EvidenceData<'kernel'>['configuredAslr']>;

const PATTERNS = [
  ...['/etc/sysctl.conf', '/etc/sysctl.d/*.conf', '/run/sysctl.d/*.conf'],
  ...['/usr/local/lib/sysctl.d/*.conf', '/usr/lib/sysctl.d/*.conf'],
];

/** Where sysctl's configuration sets how addresses are chosen: what runs now may be otherwise after the next start. */
export async function readConfiguredAslr(collection: Collection): Promise<Configured> {
  const found: Configured = [];
  for (const pattern of PATTERNS) {
    for (const path of await globFiles(collection, pattern, 200)) {
      const text = await readText(collection, path, { optional: true, digest: false });
      for (const [index, line] of (text ?? '').split('\n').entries()) {
        const value = /^\s*-?\s*kernel[./]randomize_va_space\s*=\s*(\S{1,100})\s*$/.exec(line)?.[1];
        if (value !== undefined)
          found.push({ source: bounded(`${path}:${index + 1}`, 1024), value: bounded(value, 100) });
      }
    }
  }
  return fitList(collection, found, 100, 'settings of kernel.randomize_va_space');
}
