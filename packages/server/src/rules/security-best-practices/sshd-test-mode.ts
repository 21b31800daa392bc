import type { Limitation } from '@assay/model/evidence/document.ts';
import type { EvidenceData } from '@assay/model/evidence/kinds.ts';
import { quote } from './quote.ts';
import type { SshdConfig, SshdSetting } from './sshd-config.ts';
import { sshdLine } from './sshd-line.ts';
import type { Connection } from './sshd-match-block.ts';

/** The connection of root that the agent asks `sshd -T -C` about. */
export const testedConnection: Connection = {
  host: 'h',
  address: '192.0.2.1',
  localAddress: '192.0.2.2',
  localPort: '22',
};

const standardPaths = ['/etc/ssh/sshd_config', '/usr/etc/ssh/sshd_config'];

/**
 * What keeps the test mode from ending well and says nothing against the configuration. sshd looks for these after it has
 * read the configuration whole.
 */
const unrelated =
  /no hostkeys? available|missing privilege separation directory|privilege separation user \S+ does not exist|must be owned by root and not group or world-writable/i;
/** The agent may not read what sshd reads, or the server is too old for the question. Both say nothing of the rest. */
const unasked = /permission denied|invalid test mode specification|(?:illegal|unknown|invalid) option|^usage:/im;

/**
 * Why sshd refuses the configuration in a file; undefined where it takes it or was not asked. A server that runs keeps what
 * it read before, and the next start fails: what the file says is not in force.
 */
export function whyRefused(limitations: readonly Limitation[], path: string): string | undefined {
  for (const { code, subject, detail = '' } of limitations) {
    const asked = / -T(?: -f (.*?))?(?: -C |$)/.exec(subject);
    if (!asked || code !== 'UNREADABLE' || !detail.startsWith('exit ')) continue;
    if (asked[1] === undefined ? !standardPaths.includes(path) : asked[1] !== path) continue;
    if (unrelated.test(detail) || unasked.test(detail)) continue;
    return `sshd refuses the configuration in ${quote(path)} ("${quote(subject)}" says: ${quote(detail, 1000)})`;
  }
  return undefined;
}

/** What `sshd -T` printed, as a configuration without files and Match blocks; undefined where it lacks a keyword. */
export function effectiveConfig(
  { effective }: Pick<EvidenceData<'sshd'>, 'effective'>,
  keyword: string,
): SshdConfig | undefined {
  const settings: SshdSetting[] = [];
  for (const text of (effective ?? '').split('\n')) {
    const line = sshdLine(text);
    if (!line || settings.some((each) => each.keyword === line.keyword)) continue;
    const values = line.values.map((value) => value.toLowerCase());
    const order = settings.length;
    settings.push({ keyword: line.keyword, values, source: 'sshd -T', text: quote(text), block: undefined, order });
  }
  return settings.some((each) => each.keyword === keyword) ? { settings, blocks: [], problems: [] } : undefined;
}
