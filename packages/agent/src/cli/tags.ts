import { HostDescription } from '@assay/model/agent-protocol.ts';
import { check } from '@assay/model/check.ts';
import { AgentStopped } from '../agent-stopped.ts';

/** Adds one `Key=Value`; the value may contain `=`, and the last value of a key counts. Throws {@link AgentStopped}. */
export function addTag(text: string, before: HostDescription['tags']): HostDescription['tags'] {
  const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const after = [...before.filter((tag) => tag.key !== key), { key, value }];
  if (check(HostDescription.members.tags, after).length > 0 || !text.isWellFormed()) {
    throw new AgentStopped('It must be Key=Value, 1 to 128 and 1 to 256 characters, and at most 50 tags.');
  }
  return after;
}
