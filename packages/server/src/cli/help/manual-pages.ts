import { VERSION } from '../../domain/version.ts';
import type { CommandNode } from './command-tree.ts';

/** Manual pages in roff by file name: `assay.1` with all commands, and `assay-keys.1` and so on. */
export function manualPages(nodes: readonly CommandNode[]): ReadonlyMap<string, string> {
  const pages = new Map([['assay.1', mainPage(nodes)]]);
  for (const node of nodes.filter(({ path }) => !path.includes(' '))) {
    const within = nodes.filter(({ path }) => path === node.path || path.startsWith(`${node.path} `));
    pages.set(`assay-${node.path}.1`, commandPage(node, within));
  }
  return pages;
}

function mainPage(nodes: readonly CommandNode[]): string {
  const commands = nodes.filter(({ children }) => children.length === 0);
  return [
    heading(
      'ASSAY',
      'assay \\- the open, self-hosted Amazon Inspector Classic',
      '.B assay\n.I command\n[\\fIoptions\\fR]',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(({ path, usage, summary }) => [
      '.TP',
      `.B assay ${roff(path)}\n${roff(usage.replace('[options] ', '').replace('[options]', ''))}`.trimEnd(),
      roff(`${summary}.`),
    ]),
    '.SH ENVIRONMENT',
    ...environment.flatMap(([name, text]) => ['.TP', `.B ${name}`, roff(text)]),
    '.SH "EXIT STATUS"',
    '0 when it went well, 2 for what was asked wrongly or could not be done; commands that judge say more in their page.',
    '.SH "SEE ALSO"',
    `${nodes
      .filter(({ path }) => !path.includes(' '))
      .map(({ path }) => `.BR assay-${roff(path)} (1)`)
      .join(',\n')}`,
    '',
  ].join('\n');
}

function commandPage(node: CommandNode, within: readonly CommandNode[]): string {
  const leaves = within.filter(({ children }) => children.length === 0);
  const synopsis = leaves.map(({ path, usage }) => `.B assay ${roff(path)}\n${roff(usage)}`).join('\n.br\n');
  return [
    heading(
      `ASSAY-${node.path.toUpperCase()}`,
      `assay-${roff(node.path)} \\- ${roff(lowered(node.summary))}`,
      synopsis,
    ),
    ...leaves.flatMap((leaf) => [
      leaf === node ? '.SH DESCRIPTION' : `.SH ${roff(leaf.path.toUpperCase())}`,
      roff(`${leaf.summary}.`),
      ...[...leaf.arguments.map(({ term, description }) => [term, description] as const)].flatMap(item),
      ...leaf.options.map(({ flags, description }) => [flags, description] as const).flatMap(item),
    ]),
    '',
  ].join('\n');
}

const item = ([term, description]: readonly [string, string]): string[] => [
  '.TP',
  `.B ${roff(term)}`,
  roff(description),
];

const heading = (title: string, name: string, synopsis: string): string =>
  `.TH ${title} 1 "" "assay ${VERSION}" "Assay"\n.SH NAME\n${name}\n.SH SYNOPSIS\n${synopsis}`;

const lowered = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** Text that roff takes as it stands. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(
      /[^\p{ASCII}]/gu,
      (each) => `\\[u${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^([.'])/gm, '\\&$1');

const environment: readonly (readonly [string, string])[] = [
  ['ASSAY_DATA_DIR', 'The data directory where no --data-dir is given.'],
  ['ASSAY_DATABASE_URL', 'The PostgreSQL database that holds the store, where no --database-url is given.'],
  ['ASSAY_ACCOUNT_ID', 'The account, 12 digits.'],
  ['ASSAY_ENDPOINT', 'The server that commands ask where neither --endpoint nor --data-dir is given.'],
  [
    'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE, AWS_REGION',
    'The access key and the region of commands with --endpoint, as the AWS CLI takes them.',
  ],
];
