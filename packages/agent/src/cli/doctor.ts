import type { Limitation } from '@assay/model/evidence/document.ts';
import { type EvidenceKind, evidenceKinds } from '@assay/model/evidence/kinds.ts';
import { oneLine } from '@assay/model/safe-text.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { collect } from '../collect.ts';
import { describeHost } from '../describe-host.ts';
import { openIdentities } from '../identity.ts';
import { openHost } from '../open-host.ts';
import { readArguments } from './arguments.ts';
import { askServer } from './ask-server.ts';
import { readConfiguration } from './configuration.ts';
import { placesIn } from './places.ts';
import { serviceState } from './service.ts';
import { defaultStateDirectory } from './state-directory.ts';
import { system } from './system.ts';

/** Limitations of one kind of evidence that are listed one by one. */
const LISTED = 5;

/**
 * `assay-agent doctor`: what the agent can see of this host and what not, and whether its server answers. Resolves to
 * the exit status: 0 where it sees all and the server answers, 1 otherwise.
 */
export async function doctorCommand(args: readonly string[], log: (line: string) => void): Promise<number> {
  const options = readArguments(args, ['state-dir']);
  const places = placesIn();
  const configuration = readConfiguration(places.config);
  const host = await openHost();
  const described = await describeHost(host, { tags: [], agentVersion: packageJson.version });
  log(`Agent     ${packageJson.version}, Node ${process.version}, ${process.platform}-${process.arch}`);
  log(`Host      ${oneLine(described.hostname)}, ${oneLine(described.operatingSystem)}`);
  log(
    `Rights    ${described.privileged ? 'root' : `user ${process.geteuid?.()}; what only root can see is missing below`}`,
  );
  const every = configuration?.visitEverySeconds;
  log(
    `Service   ${oneLine(serviceState(places, system))}${every === undefined ? '' : `; the agent comes every ${every} seconds`}`,
  );
  const enrolled = openIdentities(options.stateDir ?? defaultStateDirectory(process.env)).enrolled();
  log(`Enrolled  ${enrolled ? `as ${enrolled.agentId}` : 'not yet; assay-agent install does it'}`);
  const server = configuration ? await askServer(configuration) : { well: false, text: 'none is configured' };
  log(`Server    ${server.text}`);

  log('\nEvidence');
  let whole = true;
  for (const kind of Object.keys(evidenceKinds) as EvidenceKind[]) {
    const { data, sources, limitations } = await collect(kind, host);
    const sight = limitations.length === 0 ? 'all of it' : data === undefined ? 'NOTHING' : 'PARTLY';
    log(`  ${kind.padEnd(16)} ${sight.padEnd(10)} ${sources.length} ${sources.length === 1 ? 'source' : 'sources'}`);
    whole &&= limitations.length === 0;
    for (const line of listed(limitations)) log(`    ${line}`);
  }
  return whole && server.well && enrolled ? 0 : 1;
}

function listed(limitations: readonly Limitation[]): string[] {
  const lines = limitations
    .slice(0, LISTED)
    .map(({ code, subject, detail }) => `${oneLine(subject, 200)}: ${oneLine(detail ?? '', 300)} (${code})`);
  const more = limitations.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}
