import { catalogOf } from '../../engine/judging/rules-package-catalog.ts';
import type { Operation } from '../operation.ts';
import { pageRequest, slicePage } from '../page.ts';

export const listRulesPackages: Operation<'ListRulesPackages', 'tokens'> =
  ({ tokens }) =>
  async (input, caller) => {
    const arns = catalogOf(caller.region).map(({ arn }) => arn);
    const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
    const { rows, nextToken } = await slicePage(pageRequest(tokens, 'ListRulesPackages', caller, input), arns, idOf);
    return { rulesPackageArns: [...rows], nextToken };
  };
