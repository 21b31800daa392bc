/** Findings in the formats of other tools: valid, complete, the same each time, and never cleaner than what was looked at. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packagesNamed } from '@assay/model/vulnerable-packages.ts';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportFormatNames, exportFormats } from '../../../packages/server/src/cli/exports/export-formats.ts';
import type { Exported } from '../../../packages/server/src/cli/exports/exported.ts';
import { packageUrl } from '../../../packages/server/src/cli/exports/package-url.ts';
import { vulnerabilityOf } from '../../../packages/server/src/cli/exports/vulnerability-of.ts';
import { propertyRuns } from '../../support/effort.ts';
import { cveFinding, exclusion, host, ruleFinding } from './items.ts';
import { openvexSchema, sarifSchema } from './schemas.ts';

type Name = (typeof exportFormatNames)[number];
const everything: readonly Exported[] = [
  cveFinding({}),
  cveFinding({ state: 'UNDETERMINED', id: 'CVE-2026-0002' }),
  ruleFinding({}),
  exclusion({}),
];

async function written(name: Name, items: readonly Exported[]): Promise<string> {
  const all: string[] = [];
  for await (const piece of exportFormats[name](
    (async function* () {
      yield* items;
    })(),
  ))
    all.push(piece);
  return all.join('');
}
const document = async (name: Name, items: readonly Exported[]): Promise<unknown> =>
  JSON.parse(await written(name, items));

/** What is at a path of member names; `*` is each element. */
function pick(value: unknown, path: string): unknown {
  const [name = '', ...rest] = path.split('.');
  if (name === '*') return rest.length === 0 ? value : (value as unknown[]).map((each) => pick(each, rest.join('.')));
  const member = (value as Record<string, unknown> | undefined)?.[name];
  return rest.length === 0 ? member : pick(member, rest.join('.'));
}

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const schemas = join(
  dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
  'res/schema',
);
const readSchema = (name: string) => JSON.parse(readFileSync(join(schemas, name), 'utf8')) as object;
for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json'])
  ajv.addSchema(readSchema(name), `http://cyclonedx.org/schema/${name}`);
// Formats of internationalised names that ajv-formats does not know.
for (const name of ['idn-email', 'iri-reference']) ajv.addFormat(name, true);
const validators = {
  cyclonedx: ajv.compile(readSchema('bom-1.6.SNAPSHOT.schema.json')),
  openvex: ajv.compile(openvexSchema),
  sarif: ajv.compile(sarifSchema),
};

describe.each(['cyclonedx', 'openvex', 'sarif'] as const)('%s', (name) => {
  const faults = (text: string) => {
    const validate = validators[name];
    return validate(JSON.parse(text)) ? [] : validate.errors;
  };

  test('is valid', async () => {
    expect(faults(await written(name, everything))).toEqual([]);
    expect(faults(await written(name, [cveFinding({ packages: [] })]))).toEqual([]);
    if (name !== 'openvex') expect(faults(await written(name, []))).toEqual([]);
  });

  test('is valid whatever hosts, packages and feeds are called', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('"\\', '\u2028', '</script>', ' '),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (hostname, packageName, prose) => {
        const items = [
          cveFinding({
            packages: [{ name: packageName, installed: prose }],
            host: { ...host, hostname },
            title: prose,
          }),
          ruleFinding({ rule: packageName, description: prose }),
          exclusion({ description: prose, title: packageName }),
        ];
        expect(faults(await written(name, items))).toEqual([]);
      }),
      { numRuns: propertyRuns(name === 'cyclonedx' ? 8 : 30) },
    );
  });
});

test.each(exportFormatNames)('%s of the same findings is the same', async (name) => {
  expect(await written(name, everything)).toBe(await written(name, everything));
});

test('OpenVEX says affected of what was found and under_investigation of what nobody knows, never not_affected', async () => {
  const all = await document('openvex', everything);
  expect(pick(all, 'statements.*.vulnerability.name')).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
  expect(pick(all, 'statements.*.status')).toEqual(['affected', 'under_investigation', 'under_investigation']);
  const purl = 'pkg:deb/debian/libssl3@3.0.1-1?distro=debian-12';
  expect(pick(all, 'statements.0.products')).toEqual([
    { '@id': host.arn, subcomponents: [{ '@id': purl, identifiers: { purl } }] },
  ]);
  expect(pick(all, 'timestamp')).toBe('2026-11-30T12:00:00.000Z');
  expect(pick(all, '@id')).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = await document('openvex', [cveFinding({ id: 'CVE-2026-0009' })]);
  expect(pick(others, '@id')).not.toBe(pick(all, '@id'));
});

test('what was found on a host is not also under investigation there', async () => {
  const items = [cveFinding({ id: 'CVE-2026-0003' }), exclusion({})];
  expect(pick(await document('openvex', items), 'statements.*.status')).toEqual(['affected']);
  expect(pick(await document('cyclonedx', items), 'vulnerabilities.*.analysis.state')).toEqual(['exploitable']);
});

test('OpenVEX has no document without statements: that is said', async () => {
  await expect(written('openvex', [ruleFinding({})])).rejects.toThrow(/OpenVEX has no document without statements/);
});

test('CycloneDX has what was not assessed with its host, whose composition is incomplete', async () => {
  const all = await document('cyclonedx', [...everything, exclusion({ hosts: [], vulnerabilities: [] })]);
  expect(pick(all, 'vulnerabilities.*.id')).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003']);
  expect(pick(all, 'vulnerabilities.*.analysis.state')).toEqual(['exploitable', 'in_triage', 'in_triage']);
  expect(pick(all, 'components.0.properties')).toContainEqual({
    name: 'assay:notAssessed',
    value: expect.stringContaining('CVE-2026-0003'),
  });
  expect(pick(all, 'compositions')).toEqual([
    { aggregate: 'incomplete', assemblies: [host.arn] },
    { aggregate: 'unknown' },
  ]);
  const references = [host.arn, ...(pick(all, 'components.0.components.*.bom-ref') as string[])];
  for (const ref of (pick(all, 'vulnerabilities.*.affects.*.ref') as string[][]).flat())
    expect(references).toContain(ref);
});

test('SARIF: results by severity, what nobody knows as open, exclusions as notifications', async () => {
  const run = pick(await document('sarif', everything), 'runs.0');
  expect(pick(run, 'results.*.ruleId')).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'Disable root login over SSH']);
  expect(pick(run, 'results.*.kind')).toEqual(['fail', 'open', 'fail']);
  expect(pick(run, 'results.*.level')).toEqual(['error', 'none', 'warning']);
  expect(pick(run, 'results.*.ruleIndex')).toEqual([0, 1, 2]);
  expect(pick(run, 'tool.driver.rules.*.id')).toEqual(pick(run, 'results.*.ruleId'));
  expect(pick(run, 'invocations.0.toolExecutionNotifications.*.message.text')).toEqual([
    expect.stringMatching(/^Not assessed\. nginx/),
  ]);
  const twice = await document('sarif', [cveFinding({}), cveFinding({})]);
  expect(pick(twice, 'runs.0.tool.driver.rules')).toHaveLength(1);
});

test('OCSF: vulnerabilities and failed rules are of their classes; what was not assessed is a warning', async () => {
  const events = (await document('ocsf', everything)) as unknown[];
  expect(pick(events, '*.class_uid')).toEqual([2002, 2002, 2003, 2003]);
  expect(pick(events, '*.type_uid')).toEqual([200201, 200201, 200301, 200301]);
  expect(pick(events, '*.severity_id')).toEqual([4, 4, 3, 0]);
  expect(pick(events, '*.compliance.status')).toEqual([undefined, undefined, 'Fail', 'Warning']);
  for (const event of events) {
    // What the base event and finding_info require.
    for (const name of ['activity_id', 'category_uid', 'class_uid', 'type_uid', 'time', 'severity_id']) {
      expect(pick(event, name), name).toEqual(expect.any(Number));
    }
    expect(pick(event, 'metadata')).toMatchObject({ version: '1.3.0', product: { vendor_name: 'Assay' } });
    expect(pick(event, 'finding_info.uid')).toMatch(/^arn:/);
  }
  expect(pick(events, '0.vulnerabilities.0')).toMatchObject({
    cve: { uid: 'CVE-2026-0001', epss: { score: '0.5', percentile: 0.9 } },
    affected_packages: [{ name: 'libssl3', version: '3.0.1-1', fixed_in_version: '3.0.2-1' }],
    is_exploit_available: true,
    is_fix_available: true,
  });
});

/** BatchImportFindings as botocore knows it, and the lengths that its documentation gives. */
const validateAsff = `
import json, sys, botocore.session, botocore.validate
model = botocore.session.get_session().get_service_model('securityhub')
shape = model.operation_model('BatchImportFindings').input_shape
print(botocore.validate.ParamValidator().validate({'Findings': json.load(sys.stdin)}, shape).generate_report())
`;
const botocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;
test.skipIf(!botocore)(
  `ASFF: as BatchImportFindings takes it${botocore ? '' : ' (skipped: no botocore)'}`,
  async () => {
    const text = await written('asff', everything);
    expect(execFileSync('python3', ['-c', validateAsff], { input: text, encoding: 'utf8' }).trim()).toBe('');
  },
);

test('ASFF: within its lengths, with what was not assessed as a warning', async () => {
  const long = 'x'.repeat(5000);
  const endless = ruleFinding({ title: long, description: long, recommendation: long });
  const all = await document('asff', [...everything, endless, ruleFinding({ benchmark: true })]);
  expect(pick(all, '4.Title')).toHaveLength(256);
  expect(pick(all, '4.Description')).toHaveLength(1024);
  expect(pick(all, '4.Remediation.Recommendation.Text')).toHaveLength(512);
  expect(pick(all, '*.Compliance.Status')).toEqual([undefined, undefined, 'FAILED', 'WARNING', 'FAILED', 'FAILED']);
  expect(pick(all, '*.Severity.Label')).toEqual(['HIGH', 'HIGH', 'MEDIUM', 'INFORMATIONAL', 'MEDIUM', 'MEDIUM']);
  expect(pick(all, '0.Vulnerabilities.0')).toMatchObject({
    Id: 'CVE-2026-0001',
    ExploitAvailable: 'YES',
    FixAvailable: 'YES',
  });
  expect(pick(all, '2.Vulnerabilities')).toBeUndefined();
  expect(pick(all, '5.Types.0')).toMatch(/CIS Host Hardening Benchmarks$/);
});

test('a version belongs to a package only where the finding says so', () => {
  const of = (name: string, installed: string, fixed = '') =>
    packagesNamed([
      { key: 'package_name', value: name },
      { key: 'installed_version', value: installed },
      { key: 'fixed_version', value: fixed },
    ]);
  expect(of('a, b, and 2 more', '1', '2')).toEqual([
    { name: 'a', installedVersion: '1', fixedVersion: '2' },
    { name: 'b', installedVersion: '1', fixedVersion: '2' },
  ]);
  expect(of('linux', '1, 2')).toEqual([
    { name: 'linux', installedVersion: '1' },
    { name: 'linux', installedVersion: '2' },
  ]);
  expect(of('a, b', '1, 2')).toEqual([{ name: 'a' }, { name: 'b' }]);
  expect(of('', '')).toEqual([]);
  expect(vulnerabilityOf('CVE-2026-0001', [], of('a, b', '1', '2'))?.packages).toEqual([
    { name: 'a', installed: '1', fixed: '2' },
    { name: 'b', installed: '1', fixed: '2' },
  ]);
  expect(vulnerabilityOf('Disable root login over SSH', [], [])).toBeUndefined();
});

test.each([
  ['Debian GNU/Linux 12 (bookworm)', '1:2.3~rc1+b1', 'pkg:deb/debian/a%2B%2B@1%3A2.3~rc1%2Bb1?distro=debian-12'],
  ['Rocky Linux 9.4 (Blue Onyx)', '1:2.3-4.el9', 'pkg:rpm/rocky/a%2B%2B@2.3-4.el9?distro=rocky-9.4&epoch=1'],
  ['Alpine Linux v3.19', '2.3-r0', 'pkg:apk/alpine/a%2B%2B@2.3-r0?distro=alpine-3.19'],
  ['Plan 9', '2', 'pkg:generic/a%2B%2B@2'],
  [undefined, undefined, 'pkg:generic/a%2B%2B'],
])('package URLs: %s %s', (operatingSystem, installed, url) => {
  expect(packageUrl({ ...host, operatingSystem }, { name: 'a++', installed })).toBe(url);
});
