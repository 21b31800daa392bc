import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fit, fitList, note, readText } from '../collection.ts';
import { readArchitecture, readKernelRelease, readKernelVersion } from './identity.ts';
import { readConfiguredAslr } from './kernel/read-configured-aslr.ts';

/** A host with a thousand processors has some megabytes of /proc/cpuinfo. */
const MAX_CPUINFO_BYTES = 16 * 1024 * 1024;

export async function collectKernel(collection: Collection): Promise<EvidenceData<'kernel'> | undefined> {
  const release = await readKernelRelease(collection);
  if (release === undefined) {
    note(collection, 'NOT_PRESENT', '/proc/sys/kernel/osrelease', 'no running kernel under this root');
    return undefined;
  }
  const commandLine = await readText(collection, '/proc/cmdline');
  return {
    release,
    version: await readKernelVersion(collection),
    architecture: await readArchitecture(collection),
    commandLine: commandLine && fit(collection, commandLine.trimEnd(), 4096, '/proc/cmdline'),
    randomizeVaSpace: await readRandomizeVaSpace(collection),
    configuredAslr: await readConfiguredAslr(collection),
    cpuFlags: await readCpuFlags(collection),
    stackPermissions: await readStackPermissions(collection),
  };
}

async function readRandomizeVaSpace(collection: Collection): Promise<number | undefined> {
  const path = '/proc/sys/kernel/randomize_va_space';
  const text = await readText(collection, path);
  if (text === undefined) return undefined;
  if (/^(?:\d|10)\s*$/.test(text)) return Number.parseInt(text, 10);
  note(collection, 'UNREADABLE', path, 'is not a number of 0 to 10');
  return undefined;
}

async function readCpuFlags(collection: Collection): Promise<string[] | undefined> {
  const path = '/proc/cpuinfo';
  const text = await readText(collection, path, { maxBytes: MAX_CPUINFO_BYTES });
  if (text === undefined) return undefined;
  const lists = new Set<string>();
  for (const [, flags = ''] of text.matchAll(/^(?:flags|Features)[ \t]*:(.*)$/gm)) lists.add(flags.trim());
  if (lists.size === 0) note(collection, 'UNSUPPORTED', path, 'has no line "flags" or "Features"');
  return fitList(collection, [...lists], 64, path).map((flags) => fit(collection, flags, 8192, path));
}

async function readStackPermissions(collection: Collection): Promise<string | undefined> {
  const path = '/proc/self/maps';
  const text = await readText(collection, path, { maxBytes: 4 * 1024 * 1024 });
  if (text === undefined) return undefined;
  const line = text.split('\n').find((mapping) => mapping.endsWith('[stack]'));
  if (!line) note(collection, 'UNREADABLE', path, 'has no mapping [stack]');
  return line && bounded(line.split(/\s+/)[1] ?? '', 8);
}
