import type { CommandNode } from './command-tree.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Words that may follow the words of a command: its subcommands, or its options. */
const wordsOf = ({ children, options }: CommandNode): string[] =>
  [...children, ...options.map(({ long }) => long), '--help'].filter(Boolean);

const topWords = (nodes: readonly CommandNode[]): string[] => [
  ...nodes.filter(({ path }) => !path.includes(' ')).map(({ path }) => path),
  '--help',
  '--version',
];

/** The values that options of a command take, as a case of a shell: `keys list --format`. */
const choiceCases = (nodes: readonly CommandNode[], offer: (choices: string) => string): string =>
  nodes
    .flatMap(({ path, options }) =>
      options
        .filter(({ choices }) => choices.length > 0)
        .map(({ long, choices }) => `    "${path} ${long}") ${offer(choices.join(' '))}; return ;;`),
    )
    .join('\n');

/** Finds the command of the words before the cursor, then offers what may follow. */
const bash = (nodes: readonly CommandNode[]): string => `# bash completion of assay
_assay() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${command:+$command }$word" in
${nodes.map(({ path }) => `      "${path}") command="${path}" ;;`).join('\n')}
    esac
  done
  case "$command $previous" in
${choiceCases(nodes, (choices) => `COMPREPLY=($(compgen -W "${choices}" -- "$current"))`)}
  esac
  case "$command" in
${nodes.map((node) => `    "${node.path}") words="${wordsOf(node).join(' ')}" ;;`).join('\n')}
    *) words="${topWords(nodes).join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _assay assay
`;

const zsh = (nodes: readonly CommandNode[]): string => `#compdef assay
_assay() {
  local command="" word
  local -a offered
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
${nodes.map(({ path }) => `      "${path}") command="${path}" ;;`).join('\n')}
    esac
  done
  case "$command $words[CURRENT-1]" in
${choiceCases(nodes, (choices) => `compadd -- ${choices}`)}
  esac
  case "$command" in
${nodes.map((node) => `    "${node.path}") offered=(${describedWords(nodes, node).join(' ')}) ;;`).join('\n')}
    *) offered=(${nodes
      .filter(({ path }) => !path.includes(' '))
      .map(({ path, summary }) => quoted(`${path}:${summary}`))
      .join(' ')}) ;;
  esac
  _describe assay offered || _files
}
_assay "$@"
`;

const describedWords = (nodes: readonly CommandNode[], { path, children, options }: CommandNode): string[] => [
  ...children.map((name) => quoted(`${name}:${nodes.find((node) => node.path === `${path} ${name}`)?.summary ?? ''}`)),
  ...options.map(({ long, description }) => quoted(`${long}:${description}`)),
];

const fish = (nodes: readonly CommandNode[]): string => {
  const top = nodes.filter(({ path }) => !path.includes(' '));
  const lines = nodes.flatMap(({ path, summary, children, options }) => {
    const [first = '', second] = path.split(' ');
    const seen =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    const parents =
      second === undefined ? [`complete -c assay -f -n __fish_use_subcommand -a ${first} -d ${quoted(summary)}`] : [];
    const childrenLines = children.map(
      (name) =>
        `complete -c assay -f -n ${quoted(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${children.join(' ')}`)} -a ${name} -d ${quoted(nodes.find((node) => node.path === `${path} ${name}`)?.summary ?? '')}`,
    );
    const optionLines = options.map(
      ({ long, takesValue, choices, description }) =>
        `complete -c assay -n ${quoted(seen)} -l ${long.slice(2)}${takesValue ? ' -r' : ''}${choices.length > 0 ? ` -f -a ${quoted(choices.join(' '))}` : ''} -d ${quoted(description)}`,
    );
    return [...parents, ...childrenLines, ...(children.length > 0 ? [] : optionLines)];
  });
  return `# fish completion of assay, ${top.length} commands\n${lines.join('\n')}\n`;
};

/** In single quotes, which every shell of these takes as they are. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`;

export const completionScripts: Readonly<Record<Shell, (nodes: readonly CommandNode[]) => string>> = {
  bash,
  zsh,
  fish,
};
