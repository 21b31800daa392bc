import { Argument, Command } from 'commander';
import { commandTree } from './help/command-tree.ts';
import { completionScripts, type Shell, shells } from './help/completion-scripts.ts';

export const completionCommand = (everyCommand: () => Promise<readonly Command[]>): Command =>
  new Command('completion')
    .description('Print the completion of commands and options for a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      '\nbash: assay completion bash > ~/.local/share/bash-completion/completions/assay' +
        '\nzsh:  assay completion zsh > ~/.zfunc/_assay, with ~/.zfunc in fpath' +
        '\nfish: assay completion fish > ~/.config/fish/completions/assay.fish',
    )
    .action(async (shell: Shell) => {
      process.stdout.write(completionScripts[shell](commandTree(await everyCommand())));
    });
