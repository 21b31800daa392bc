import { VERSION } from '../../domain/version.ts';
import { CliError } from '../../runtime/cli-error.ts';
import {
  type Exported,
  type ExportedFinding,
  type ExportedHost,
  isUndetermined,
  type Vulnerability,
} from './exported.ts';
import { contentId, jsonPieces, moreMembers } from './json-pieces.ts';
import { packageUrl } from './package-url.ts';

/**
 * OpenVEX 0.2: a statement for each vulnerability of each host. Only what was found is `affected`. What was not assessed, or
 * the distribution itself does not know, is `under_investigation`; nothing is ever said to be `not_affected` or `fixed`.
 */
export async function* openvex(items: AsyncIterable<Exported>): AsyncGenerator<string, void> {
  const id = contentId();
  let newest = '';
  const statements = (async function* () {
    for await (const statement of statementsOf(items)) {
      if (statement.timestamp > newest) newest = statement.timestamp;
      id.add(statement);
      yield statement;
    }
    if (newest === '') {
      throw new CliError(
        'Nothing here is about a vulnerability, and OpenVEX has no document without statements. To see what is there: assay findings',
      );
    }
  })();
  const before = `{"@context": "https://openvex.dev/ns/v0.2.0",\n"author": "Assay",\n"role": "Scanner",\n"version": 1,\n"tooling": "Assay ${VERSION}",\n"statements": `;
  yield* jsonPieces(before, statements, () => `${moreMembers({ timestamp: newest, '@id': id.uuid() })}}`);
}

interface Statement {
  readonly timestamp: string;
  readonly [member: string]: unknown;
}

async function* statementsOf(items: AsyncIterable<Exported>): AsyncGenerator<Statement, void> {
  const affected = new Set<string>();
  for await (const item of items) {
    if (item.kind === 'finding') {
      if (!item.vulnerability) continue;
      affected.add(`${item.host.arn} ${item.vulnerability.id}`);
      yield statementOf(item, item.vulnerability);
      continue;
    }
    for (const name of item.vulnerabilities) {
      const hosts = item.hosts.filter(({ arn }) => !affected.has(`${arn} ${name}`));
      if (hosts.length === 0) continue;
      yield {
        '@id': `${item.arn}#${name}`,
        vulnerability: { name },
        timestamp: item.createdAt,
        products: hosts.map((host) => product(host, [])),
        status: 'under_investigation',
        status_notes: `Not assessed. ${item.description}`,
      };
    }
  }
}

function statementOf(finding: ExportedFinding, vulnerability: Vulnerability): Statement {
  const purls = [...new Set(vulnerability.packages.map((each) => packageUrl(finding.host, each)))];
  return {
    '@id': finding.arn,
    vulnerability: { name: vulnerability.id },
    timestamp: finding.updatedAt,
    products: [product(finding.host, purls)],
    ...(isUndetermined(vulnerability)
      ? { status: 'under_investigation' }
      : {
          status: 'affected',
          action_statement: finding.recommendation || 'No recommendation was given.',
        }),
    status_notes: `${finding.title}\n\n${finding.description}`.trim(),
  };
}

const product = ({ arn }: ExportedHost, purls: readonly string[]) => ({
  '@id': arn,
  ...(purls.length > 0 && { subcomponents: purls.map((purl) => ({ '@id': purl, identifiers: { purl } })) }),
});
