import type { ReportData } from '../report-data.ts';
import { formatDay, formatTime, packageTitle, requesterText } from '../report-words.ts';
import type { Fact, Part } from './block.ts';

/** Who asked for what, and which programs, rules and sources gave the answer: as they were for this run. */
export function provenancePart(data: ReportData): Part {
  const { run, packages, knowledge, signedWith } = data;
  const facts: Fact[] = [
    ['Run started by', requesterText(run.startedBy, run.imported)],
    ['Report asked for by', requesterText(data.askedBy, false)],
    ['Report asked for', formatTime(data.createdAt)],
    ['Report made by', `Assay ${data.assay}`],
    ['Run evaluated by', evaluatedBy(data)],
    ...(run.evidenceOf === undefined
      ? []
      : [['Evidence', `of the run ${run.evidenceOf}; no host was contacted`] as const]),
    ['Agents', agentsText(data)],
    ['Signed with', signedWith === undefined ? 'not signed' : `${signedWith}\nCheck it offline: assay verify FILE`],
  ];
  const rows = knowledge.flatMap(({ sources }) =>
    sources.map(({ name, newestAt, updatedAt, digest }) => [name, formatDay(newestAt), formatTime(updatedAt), digest]),
  );
  return {
    name: 'provenance',
    title: 'Who and by what',
    blocks: [
      { kind: 'facts', rows: facts },
      { kind: 'heading', text: 'Rules packages, as they evaluated this run' },
      {
        kind: 'table',
        columns: [
          { title: 'Rules package', share: 45 },
          { title: 'Version', share: 20 },
          { title: 'By', share: 35 },
        ],
        rows: packages.map((each) => [
          each.name,
          each.version ?? (run.imported ? 'not known: imported' : 'did not evaluate this run'),
          each.provider ?? '',
        ]),
      },
      { kind: 'heading', text: 'Advisories and other sources, as they were for this run' },
      ...(rows.length === 0
        ? [
            {
              kind: 'text',
              text: run.imported
                ? 'Not known: imported.'
                : `None was used by ${packages.map(packageTitle).join(', ') || 'any rules package'}.`,
            } as const,
          ]
        : [
            {
              kind: 'text',
              text: knowledge.map(({ kind, name, digest }) => `${kind}: ${name}, SHA-256 ${digest}`).join('\n'),
              tone: 'soft',
            } as const,
            {
              kind: 'table',
              columns: [
                { title: 'Source', share: 22 },
                { title: 'Newest content', share: 16 },
                { title: 'As published or taken', share: 22 },
                { title: 'SHA-256', share: 40, mono: true },
              ],
              rows,
            } as const,
          ]),
    ],
  };
}

function evaluatedBy({ run }: ReportData): string {
  if (run.imported) return 'not known: imported';
  if (run.evaluatedAt === undefined) return 'was not evaluated';
  return run.evaluatedBy === undefined
    ? 'a version of Assay that did not record its number'
    : `Assay ${run.evaluatedBy}`;
}

function agentsText({ hosts }: ReportData): string {
  const kinds = new Map<string, number>();
  for (const { agentVersion, root } of hosts) {
    const rights = root === undefined ? '' : root ? ', as root' : ', without root';
    const kind =
      agentVersion === undefined ? 'not known, or nothing was delivered' : `version ${agentVersion}${rights}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, count]) => `${kind}: ${count}`).join('\n') || 'none';
}
