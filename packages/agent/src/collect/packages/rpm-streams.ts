import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { bounded, type Collection, fitList, readText } from '../../collection.ts';
import { globFiles } from '../../glob-files.ts';

type Database = EvidenceData<'packages'>['databases'][number];

const MAX_FILES = 500;
/** What subscription-manager, or an administrator, keeps the host at. */
const RELEASE_FILES = ['/etc/dnf/vars/releasever', '/etc/yum/vars/releasever'];

/** The release that the host is kept at, and the module streams that are enabled in it. */
export async function rpmStreams(collection: Collection): Promise<Pick<Database, 'releaseVersion' | 'moduleStreams'>> {
  const releaseVersion = await keptRelease(collection);
  const moduleStreams = await enabledStreams(collection);
  return {
    ...(releaseVersion === undefined ? {} : { releaseVersion }),
    ...(moduleStreams === undefined ? {} : { moduleStreams }),
  };
}

async function keptRelease(collection: Collection): Promise<string | undefined> {
  for (const path of RELEASE_FILES) {
    const text = await readText(collection, path, { optional: true });
    const [line = ''] = (text ?? '').split('\n').map((each) => each.trim());
    if (line !== '') return bounded(line, 256);
  }
  return undefined;
}

/** The sections of /etc/dnf/modules.d/*.module whose state is enabled; undefined where there are no such files. */
async function enabledStreams(collection: Collection): Promise<Database['moduleStreams']> {
  const paths = await globFiles(collection, '/etc/dnf/modules.d/*.module', MAX_FILES);
  const found: NonNullable<Database['moduleStreams']> = [];
  for (const path of paths) {
    const text = await readText(collection, path, { optional: true });
    for (const section of (text ?? '').split(/^(?=\s*\[)/m)) {
      const module = /^\s*\[([^\]]+)\]/.exec(section)?.[1]?.trim();
      const stream = settingOf(section, 'stream');
      if (module === undefined || module === '' || stream === undefined) continue;
      if (settingOf(section, 'state')?.toLowerCase() !== 'enabled') continue;
      found.push({ module: bounded(module, 256), stream: bounded(stream, 256) });
    }
  }
  return paths.length === 0 ? undefined : fitList(collection, found, 500, 'module streams');
}

const settingOf = (section: string, key: string): string | undefined =>
  new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(\\S+)`, 'm').exec(section)?.[1];
