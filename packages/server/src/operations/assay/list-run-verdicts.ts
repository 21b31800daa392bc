import type { AssayOutput } from '@assay/model/assay/operations.ts';
import type { AccountedHost, RunAccount } from '../../engine/account/account-of-run.ts';
import { keptAccounts } from '../../engine/account/kept-accounts.ts';
import type { RuleVerdict } from '../../engine/account/verdict-of-rule.ts';
import type { Position } from '../../store/lists/position.ts';
import type { AssayOperation } from './operation.ts';
import { assayPage } from './page.ts';
import { requireRun } from './require-run.ts';

type Item = AssayOutput<'ListRunVerdicts'>['verdicts'][number];

/** Of hosts under a package: what one page looks at, however few verdicts match. */
const LOOKED_AT = 100;

export const listRunVerdicts: AssayOperation<'ListRunVerdicts', 'store' | 'tokens'> = ({ store, tokens }) => {
  const accounts = keptAccounts(store, (account) => account);
  return async (input, caller) => {
    const page = assayPage(tokens, 'ListRunVerdicts', caller, input);
    const { agentIds, rulesPackageArns, ruleNames, outcomes } = input.filter ?? {};
    const account = await accounts(caller, caller.scope, await requireRun(store, caller, input.assessmentRunArn));
    const matches = ({ package: of }: AccountedHost, { rule, outcome }: RuleVerdict): boolean =>
      (rulesPackageArns?.includes(of.arn) ?? true) &&
      (ruleNames?.includes(rule) ?? true) &&
      (outcomes?.includes(outcome) ?? true);
    const { found, last } = await somePage(account, page, agentIds, matches);
    const agents = await store.agents.findMany(caller.scope, [...new Set(found.map(([{ agent }]) => agent))]);
    const names = new Map(agents.map(({ id, hostname }) => [id, hostname]));
    return {
      verdicts: found.map(([of, verdict]) => itemOf(of, verdict, names.get(of.agent))),
      nextToken: last && page.write(last),
    };
  };
};

/** Verdicts after a page's beginning, and the position of the last that was looked at where there may be more. */
async function somePage(
  account: RunAccount,
  { after, size }: { readonly after: Position | undefined; readonly size: number },
  agents: readonly string[] | undefined,
  matches: (of: AccountedHost, verdict: RuleVerdict) => boolean,
): Promise<{ found: (readonly [AccountedHost, RuleVerdict])[]; last: Position | undefined }> {
  const found: (readonly [AccountedHost, RuleVerdict])[] = [];
  let looked = 0;
  let host: string | undefined;
  let number = 0;
  let last: Position | undefined;
  for await (const entry of account.entries({ from: after?.id, agents })) {
    if (entry.agent !== host) number = 0;
    host = entry.agent;
    if (looked++ >= LOOKED_AT) return { found, last };
    for (const verdict of entry.verdicts) {
      const at = number++;
      if (after && after.id === host && at <= after.at) continue;
      if (found.length === size) return { found, last };
      if (matches(entry, verdict)) found.push([entry, verdict]);
      last = { at, id: host };
    }
  }
  return { found, last: undefined };
}

function itemOf(
  { agent: agentId, package: of }: AccountedHost,
  { rule: ruleName, title, outcome, reason, unseen }: RuleVerdict,
  hostname: string | undefined,
): Item {
  return {
    agentId,
    ...(hostname === undefined ? {} : { hostname }),
    ...{ rulesPackageArn: of.arn, packageName: of.name, ruleName, outcome },
    ...(title === undefined ? {} : { title }),
    ...(reason === undefined ? {} : { reason }),
    ...(unseen === undefined ? {} : { unseen: [...unseen] }),
  };
}
