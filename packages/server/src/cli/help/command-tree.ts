import type { Command } from 'commander';

/** A command as completion and manual pages need it. */
export interface CommandNode {
  /** The words that call it, less the program's: `keys create`. */
  readonly path: string;
  readonly summary: string;
  /** Its arguments as the usage writes them: `<run>`. */
  readonly usage: string;
  readonly arguments: readonly { readonly term: string; readonly description: string }[];
  readonly options: readonly {
    readonly flags: string;
    readonly long: string;
    readonly takesValue: boolean;
    readonly choices: readonly string[];
    readonly description: string;
  }[];
  readonly children: readonly string[];
}

/** All commands, each with its subcommands after it. */
export function commandTree(commands: readonly Command[], before = ''): CommandNode[] {
  return commands.flatMap((command) => {
    const path = `${before}${command.name()}`;
    const node: CommandNode = {
      path,
      summary: command.description(),
      usage: command.usage(),
      arguments: command.registeredArguments.map((each) => ({
        term: each.required ? `<${each.name()}>` : `[${each.name()}]`,
        description: each.description,
      })),
      options: command.options
        .filter(({ hidden }) => !hidden)
        .map(({ flags, long, required, optional, argChoices, description }) => ({
          flags,
          long: long ?? '',
          takesValue: required || optional,
          choices: argChoices ?? [],
          description,
        })),
      children: command.commands.map((child) => child.name()),
    };
    return [node, ...commandTree(command.commands, `${path} `)];
  });
}
